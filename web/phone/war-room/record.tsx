import type { TimelineView, WarRoomView } from '../../../src/incidents/view.ts'
import { clockTime } from '../../../src/platform/time.ts'
import { inLang, shortHash } from '../../shared/format.ts'
import { address, at, useDesk } from '../desk.tsx'
import { ActForm, Field, Fold, Tick } from '../pieces.tsx'
import { liveArticles } from '../war-room-rules.ts'

/** How many entries a phone is sent at first; the rest is one tap away. */
export const LATEST = 12

export function Articles({ view }: { view: WarRoomView }) {
  const { t } = useDesk()
  const live = liveArticles(view)
  if (live.length === 0) return null
  return (
    <section class="card" aria-labelledby="articles-title">
      <div class="h3">
        <h2 id="articles-title">{t('stillLive')}</h2>
        <span class="tag">{t('pieces', { n: live.length })}</span>
      </div>
      <ul class="rows">
        {live.map((article) => (
          <li key={article.key}>
            <b lang="zh-CN">{isWeb(article.url) ? <a href={article.url}>{article.title}</a> : article.title}</b>
            <small>{article.removable ? t('removable') : t('byHand')}</small>
            {view.me.mayDecide && (
              <details>
                <summary class="link">{t('notRogue')}</summary>
                <ActForm act="explain-article" about={article.key} fields={{ article: article.key }}>
                  <Field act="explain-article" name="whose" label={t('whoseArticle')} required />
                  <button type="submit" class="small">
                    {t('saveReason')}
                  </button>
                </ActForm>
              </details>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Addresses come from outside; only the web's are made into links. */
const isWeb = (url: string | undefined): boolean => /^https?:\/\//.test(url ?? '')

export function Actions({ view }: { view: WarRoomView }) {
  const desk = useDesk()
  const { t, lang } = desk
  const done = view.actions.filter((action) => action.state === 'done').length
  return (
    <Fold title={t('actions', { n: view.ofNumber })} aside={`${done} / ${view.ofNumber}`} open>
      <ol class="actions">
        {view.actions.map((action) => (
          <li class={action.state} key={action.number}>
            <span class="dot" aria-hidden="true">
              {action.state === 'done' ? <Tick /> : action.number}
            </span>
            <div>
              {inLang(lang, action.title, action.titleEn)}
              <small class="num">
                {action.doneAt && `${action.doneBy ?? ''} ${at(desk, action.doneAt)}`}
                {action.state === 'current' && t('actionNow')}
                {action.state === 'running' && t('actionRunning')}
              </small>
            </div>
          </li>
        ))}
      </ol>
    </Fold>
  )
}

export function Timeline({ view, whole }: { view: WarRoomView; whole: boolean }) {
  const { t, path, linkKey } = useDesk()
  const newest = [...view.timeline].reverse()
  const shown = whole ? newest : newest.slice(0, LATEST)
  return (
    <Fold title={t('timeline')} aside={view.timeline.length} open={whole} id="timeline">
      <ol class="timeline num" lang="zh-CN">
        {shown.map((entry) => (
          <Entry entry={entry} key={entry.seq} />
        ))}
      </ol>
      {shown.length < newest.length && (
        <a class="link" href={`${address(path, { k: linkKey, timeline: 'all' })}#timeline`}>
          {t('earlier', { n: newest.length - shown.length })}
        </a>
      )}
    </Fold>
  )
}

const Entry = ({ entry }: { entry: TimelineView }) => (
  <li class={entry.tone}>
    <time dateTime={entry.at}>{clockTime(entry.at)}</time>
    <div>
      {entry.title}
      <small>{[entry.by, entry.detail].filter(Boolean).join(' · ')}</small>
    </div>
  </li>
)

export function Evidence({ view }: { view: WarRoomView }) {
  const desk = useDesk()
  const { t, path, linkKey } = desk
  return (
    <Fold title={t('evidence')} aside={view.evidence.length}>
      {view.evidence.length === 0 && <p>{t('noEvidence')}</p>}
      <ul class="rows">
        {view.evidence.map((item) => (
          <li key={item.id}>
            <b lang="zh-CN">{view.me.signedIn ? <a href={`${path}/evidence/${item.id}`}>{item.name}</a> : item.name}</b>
            <small class="num">
              {at(desk, item.at)} · {item.by} · {t('hash', { hash: shortHash(item.hash) })}
            </small>
          </li>
        ))}
      </ul>
      <form method="post" action={`${path}/evidence`} encType="multipart/form-data" class="upload">
        {linkKey && <input type="hidden" name="k" value={linkKey} />}
        <label for="more-evidence">{t('addEvidence')}</label>
        <input type="file" id="more-evidence" name="file" required />
        <button type="submit" class="small">
          {t('upload')}
        </button>
      </form>
      {view.me.signedIn && (
        <ActForm act="export">
          <button type="submit" class="small quiet">
            {t('export')}
          </button>
        </ActForm>
      )}
      {view.me.signedIn && view.packs.length > 0 && (
        <a class="link" href={`/api/v1/incidents/${view.id}/pack`}>
          {t('downloadPack')}
        </a>
      )}
      {view.packs.map((pack) => (
        <p class="hint num" key={pack.hash}>
          {t('packed', { time: at(desk, pack.at), hash: shortHash(pack.hash) })}
        </p>
      ))}
    </Fold>
  )
}
