import { Button } from 'antd'
import { useWords } from '../words/words.tsx'
import { pastedFiles, placeFor } from './proof-rules.ts'
import { useRoom } from './room-context.ts'

export function EvidenceCard() {
  const { t } = useWords()
  const { view, open, upload } = useRoom()
  const newest = view.evidence.slice(-2)
  return (
    <section className="card" aria-labelledby="evidence">
      <div className="card-head">
        <h2 id="evidence">{t('evidence.title')}</h2>
        <Button type="link" size="small" onClick={() => open('evidence')}>
          {t('evidence.count', { count: view.evidence.length })} <kbd>V</kbd>
        </Button>
      </div>
      <div className="evidence-tiles">
        {newest.map((item) => (
          <button type="button" key={item.id} onClick={() => open('evidence')}>
            <span>{item.name.split('/').at(-1)}</span>
          </button>
        ))}
        <button
          type="button"
          className="evidence-add"
          onClick={() => open('evidence')}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault()
            for (const file of pastedFiles(event.dataTransfer)) upload({ file, ...placeFor(view.now) })
          }}
        >
          <span aria-hidden="true">＋</span>
          {t('evidence.drop')}
        </button>
      </div>
    </section>
  )
}
