import { useEffect, useMemo, useState } from 'react'
import type { MessageKind } from '../../../src/incidents/timeline.ts'
import type { WarRoomView } from '../../../src/incidents/view.ts'
import { useDoAct, useUpload } from '../api/use-act.ts'
import { useKeys } from '../shell/keyboard.ts'
import { useWords } from '../words/words.tsx'
import { Actions } from './actions.tsx'
import { Articles } from './articles.tsx'
import { Composer } from './composer.tsx'
import { Dialogs } from './dialogs.tsx'
import { EvidenceCard } from './evidence-card.tsx'
import { ExceptionBar } from './exception-bar.tsx'
import { Head } from './head.tsx'
import { Holds } from './holds.tsx'
import { Limits } from './limits.tsx'
import { focusMessage, messageOfStep } from './message-rules.ts'
import { NowCard } from './now-card.tsx'
import { canCompleteByKey } from './now-rules.ts'
import { pastedFiles, placeFor } from './proof-rules.ts'
import { type Dialog, RoomContext, type RoomParts } from './room-context.ts'
import { Signals } from './signals.tsx'
import { TakeCard } from './take-card.tsx'
import { Timeline } from './timeline.tsx'

export function Room({ view }: { view: WarRoomView }) {
  const { t } = useWords()
  const { doAct, busy } = useDoAct(view.id)
  const { mutate: upload, isPending: uploading } = useUpload(view.id)
  const [dialog, open] = useState<Dialog | undefined>()
  const [chosen, tell] = useState<MessageKind | undefined>()
  const telling = chosen ?? focusMessage(view)
  const room = useMemo<RoomParts>(
    () => ({ view, doAct, busy, upload, uploading, open, telling, tell }),
    [view, doAct, busy, upload, uploading, telling],
  )
  const now = view.now

  useKeys({
    enter: () => {
      if (now?.kind === 'message') {
        const message = messageOfStep(view)
        tell(message?.kind ?? 'restored')
        if (message) open('send')
        else doAct({ do: 'draft', message: 'restored' })
      }
      if (now && !busy && view.me.mayAct && canCompleteByKey(now)) doAct({ do: 'complete', step: now.key })
    },
    x: () => now && open('cannot'),
    c: () => document.getElementById('client-words')?.focus(),
    'ctrl+enter': () => open('send'),
    v: () => open('evidence'),
    s: () => open('exception'),
    e: () => open('help'),
    h: () => open('hand-over'),
    l: () => open('note'),
  })
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      for (const file of pastedFiles(event.clipboardData)) upload({ file, ...placeFor(now) })
    }
    window.addEventListener('paste', paste)
    return () => window.removeEventListener('paste', paste)
  }, [upload, now])

  return (
    <RoomContext value={room}>
      <div className={`room${view.mode === 'drill' ? ' room-drill' : ''}`}>
        {view.mode === 'drill' && <p className="drill-band">{t('drill.band')}</p>}
        <Head />
        <div className="columns">
          <section
            className="column"
            aria-label={t(
              'room.left',
            )} /* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must scroll from the keyboard too */
            tabIndex={0}
          >
            <Limits />
            <Actions />
            <Signals />
          </section>
          <div className="column">
            {view.state === 'open' && <TakeCard />}
            <NowCard />
            <Composer />
            <Articles />
            <Holds />
            <ExceptionBar />
          </div>
          <div className="column column-history">
            <Timeline />
            <EvidenceCard />
          </div>
        </div>
      </div>
      <Dialogs dialog={dialog} />
    </RoomContext>
  )
}
