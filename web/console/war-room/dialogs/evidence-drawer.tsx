import { App, Button, Drawer } from 'antd'
import { useRef } from 'react'
import { shortHash } from '../../../shared/format.ts'
import { useMoment } from '../../shell/use-now.ts'
import { useWords } from '../../words/words.tsx'
import { pastedFiles, placeFor } from '../proof-rules.ts'
import { useRoom } from '../room-context.ts'

/** Every piece of evidence as it was kept, and the pack that takes it out of the house. */
export default function EvidenceDrawer() {
  const { t } = useWords()
  const { view, open, upload, uploading } = useRoom()
  const field = useRef<HTMLInputElement>(null)
  const send = (files: Iterable<File>) => {
    for (const file of files) upload({ file, ...placeFor(view.now) })
  }
  return (
    <Drawer open size={560} title={t('evidence.title')} onClose={() => open(undefined)} extra={<ExportPack />}>
      <p className="dialog-note">{t('evidence.text')}</p>
      <button
        type="button"
        className="drop-zone"
        disabled={uploading || !view.me.mayAct}
        onClick={() => field.current?.click()}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          send(pastedFiles(event.dataTransfer))
        }}
      >
        {uploading ? t('proof.sending') : t('evidence.dropHere')}
      </button>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label={t('evidence.title')}
        onChange={(event) => send(event.target.files ?? [])}
      />
      {view.evidence.length === 0 ? <p className="mute">{t('evidence.none')}</p> : <EvidenceList />}
      <Packs />
    </Drawer>
  )
}

function EvidenceList() {
  const { t, pick } = useWords()
  const { view } = useRoom()
  const moment = useMoment()
  return (
    <ul className="rows evidence-list">
      {view.evidence.toReversed().map((item) => {
        const step = view.steps.find((one) => one.key === item.step)
        return (
          <li key={item.id}>
            <div>
              <b>{item.name}</b>
              <small className="num">
                {moment(item.at)} · {item.by} · {item.source}
                {step && ` · ${t('evidence.proves', { step: pick(step.title, step.titleEn) })}`}
              </small>
            </div>
            <code className="num" title={item.hash}>
              {shortHash(item.hash)}
            </code>
          </li>
        )
      })}
    </ul>
  )
}

function ExportPack() {
  const { t } = useWords()
  const { view, doAct, busy } = useRoom()
  const { message } = App.useApp()
  return (
    <Button
      type="primary"
      loading={busy}
      disabled={!view.me.mayAct}
      onClick={async () => {
        if (await doAct({ do: 'export' })) message.success(t('evidence.packing'))
      }}
    >
      {t('evidence.export')}
    </Button>
  )
}

function Packs() {
  const { t } = useWords()
  const { view } = useRoom()
  const moment = useMoment()
  if (view.packs.length === 0) return null
  const newest = view.packs.at(-1)
  return (
    <section className="packs">
      <h3>{t('evidence.packs')}</h3>
      <ul className="rows">
        {view.packs.toReversed().map((pack) => (
          <li key={pack.hash}>
            <span className="num">
              {moment(pack.at)} · <code title={pack.hash}>{shortHash(pack.hash)}</code>
            </span>
            {pack === newest && (
              <Button href={`/api/v1/incidents/${view.id}/pack`} download>
                {t('evidence.download')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <p className="mute">{t('evidence.packNote')}</p>
    </section>
  )
}
