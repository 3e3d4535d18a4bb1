import { Input } from 'antd'
import { type DragEvent, useId, useRef } from 'react'
import type { ProofView, StepView } from '../../../src/incidents/view.ts'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { pastedFiles } from './proof-rules.ts'
import { useRoom } from './room-context.ts'

export function ProofPieces({
  step,
  receipt,
  setReceipt,
}: {
  step: StepView
  receipt: string
  setReceipt: (text: string) => void
}) {
  if (step.proof.length === 0) return null
  return (
    <div className="pieces">
      {step.proof.map((piece) =>
        piece.kind === 'picture' ? (
          <PicturePiece key={piece.key} step={step} piece={piece} />
        ) : (
          <TypedPiece key={piece.key} piece={piece} receipt={receipt} setReceipt={setReceipt} />
        ),
      )}
    </div>
  )
}

function PicturePiece({ step, piece }: { step: StepView; piece: ProofView }) {
  const { t } = useWords()
  const { upload, uploading, view } = useRoom()
  const moment = useMoment()
  const field = useRef<HTMLInputElement>(null)
  const last = piece.have.at(-1)
  const send = (files: Iterable<File>) => {
    for (const file of files) upload({ file, step: step.key, proof: piece.key })
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    send(pastedFiles(event.dataTransfer))
  }
  return (
    <>
      <button
        type="button"
        className={`piece ${last ? 'piece-have' : 'piece-open'}`}
        disabled={!view.me.mayAct}
        onClick={() => field.current?.click()}
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
      >
        <b>{piece.title}</b>
        <span className="num">
          {uploading
            ? t('proof.sending')
            : last
              ? t('proof.have', { count: piece.have.length, time: moment(last.at) })
              : t('proof.add')}
        </span>
      </button>
      <input
        ref={field}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label={piece.title}
        onChange={(event) => {
          send(event.target.files ?? [])
          event.target.value = ''
        }}
      />
    </>
  )
}

function TypedPiece({ piece, receipt, setReceipt }: { piece: ProofView; receipt: string; setReceipt: (text: string) => void }) {
  const { t } = useWords()
  const field = useId()
  const have = piece.have.at(-1)
  if (have) {
    return (
      <div className="piece piece-have">
        <b>{piece.title}</b>
        <span className="num">{have.name}</span>
      </div>
    )
  }
  return (
    <div className="piece piece-typed">
      <label htmlFor={field}>
        <b>{piece.title}</b>
      </label>
      <Input
        id={field}
        variant="borderless"
        value={receipt}
        onChange={(event) => setReceipt(event.target.value)}
        placeholder={t('proof.type')}
      />
    </div>
  )
}
