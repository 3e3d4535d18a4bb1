import { Button } from 'antd'
import { useWords } from '../words/words.tsx'
import { useRoom } from './room-context.ts'

export function ExceptionBar() {
  const { t } = useWords()
  const { open, view } = useRoom()
  return (
    <section className="card exception-bar" aria-labelledby="exceptions">
      <div>
        <h2 id="exceptions">{t('exception.title')}</h2> <small>{t('exception.text')}</small>
      </div>
      {view.me.mayAct && (
        <Button type="link" onClick={() => open('exception')}>
          {t('exception.record')} <kbd>S</kbd>
        </Button>
      )}
    </section>
  )
}
