import { Button, Input, Popover } from 'antd'
import { useState } from 'react'
import type { WarRoomView } from '../../../src/incidents/view.ts'
import { useWords } from '../words/words.tsx'
import { useRoom } from './room-context.ts'

type Article = WarRoomView['articles'][number]

/** Articles on the account that are not ours, and what can be done about each. */
export function Articles() {
  const { t } = useWords()
  const { view } = useRoom()
  if (view.articles.length === 0) return null
  const live = view.articles.filter((article) => article.state === 'live').length
  return (
    <section className="card" aria-labelledby="articles">
      <div className="card-head">
        <h2 id="articles">{t('articles.title')}</h2>
        <small className="num">{live > 0 ? t('articles.live', { count: live }) : t('articles.noneLive')}</small>
      </div>
      <ul className="rows">
        {view.articles.map((article) => (
          <li key={article.key}>
            <div>
              {article.url ? (
                <a href={article.url} target="_blank" rel="noreferrer">
                  {article.title}
                </a>
              ) : (
                article.title
              )}
              <small>
                {t(
                  article.state === 'live'
                    ? article.removable
                      ? 'articles.byMachine'
                      : 'articles.byHand'
                    : `articles.${article.state}`,
                  { by: article.by ?? '' },
                )}
              </small>
            </div>
            {article.state === 'live' && view.me.mayDecide && <Explain article={article} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Explain({ article }: { article: Article }) {
  const { t } = useWords()
  const { doAct, busy } = useRoom()
  const [whose, setWhose] = useState('')
  return (
    <Popover
      trigger="click"
      title={t('articles.oursTitle')}
      content={
        <form
          className="small-form"
          onSubmit={(event) => {
            event.preventDefault()
            doAct({ do: 'explain-article', article: article.key, whose })
          }}
        >
          <Input
            value={whose}
            onChange={(event) => setWhose(event.target.value)}
            aria-label={t('articles.whose')}
            placeholder={t('articles.whose')}
          />
          <Button htmlType="submit" type="primary" loading={busy} disabled={!whose.trim()}>
            {t('articles.record')}
          </Button>
        </form>
      }
    >
      <Button>{t('articles.ours')}</Button>
    </Popover>
  )
}
