import { useEffect, useRef, useState } from 'preact/hooks'
import type { Lang } from '../../shared/i18n.ts'
import { address, wordsIn } from '../desk.tsx'
import { type DeviceClock, deviceNow } from '../device-clock.ts'
import { openLine } from '../line.ts'
import type { Connection } from '../live-rules.ts'
import type { Notice, WarRoomProps } from '../pages.ts'
import { mindSheets, takeOverForms } from '../presses.ts'
import { makeQueue, type Queue, type QueueState } from '../queue.ts'
import { openQueueStore } from '../queue-store.ts'
import { hashOf, sendTo } from '../sender.ts'
import { TickerContext } from '../ticker.tsx'
import { Outbox } from './outbox.tsx'
import { WarRoom } from './page.tsx'

const RETRY = 5_000

/** The war room once its script runs: the same page, kept in step, with presses that survive a bad network. */
export function LiveRoom({ clock, lang, ...first }: WarRoomProps & { lang: Lang; clock: DeviceClock }) {
  const [view, setView] = useState(first.view)
  const [connection, setConnection] = useState<Connection>('still')
  const [notice, setNotice] = useState<Notice | undefined>(first.notice)
  const [waiting, setWaiting] = useState<QueueState>({ waiting: [], signIn: false })
  const queue = useRef<Queue>(undefined)
  const path = `/m/i/${first.view.id}`

  // biome-ignore lint/correctness/useExhaustiveDependencies: begins once and lasts as long as the page
  useEffect(() => {
    const t = wordsIn(lang)
    const query = address('', { k: first.linkKey })
    const line = openLine(path, query, {
      line: ({ connection: now }) => setConnection(now),
      view: setView,
      sample: clock.learn,
      signIn: () => setWaiting((state) => ({ ...state, signIn: true })),
    })
    const ready = openQueueStore().then((store) => {
      const made = makeQueue(first.view.id, store, sendTo(path), deviceNow, {
        changed: setWaiting,
        view: setView,
        refused: (_, reason) => setNotice({ tone: 'error', text: t('queueRefused', { reason }) }),
        done: (one) => {
          setNotice(undefined)
          if (one.kind === 'act') location.hash = '#now'
          line.ask()
        },
      })
      queue.current = made
      void made.run()
      return made
    })
    const again = () => void queue.current?.run()
    window.addEventListener('online', again)
    const timer = setInterval(again, RETRY)
    takeOverForms(path, {
      act: (act, press) =>
        void ready.then((q) => q.add({ kind: 'act', act, press, deviceAt: deviceNow(), linkKey: first.linkKey })),
      upload: async (file, fields, press) => {
        const deviceAt = deviceNow()
        const sha256 = await hashOf(file)
        void (await ready).add({
          kind: 'upload',
          file,
          name: file.name || 'picture',
          fields: sha256 ? { ...fields, sha256 } : fields,
          press,
          deviceAt,
        })
      },
    })
    mindSheets()
    return () => clearInterval(timer)
  }, [])

  return (
    <TickerContext.Provider value={clock}>
      <WarRoom
        {...first}
        lang={lang}
        view={view}
        notice={notice}
        connection={connection}
        outbox={<Outbox state={waiting} queue={queue.current} lang={lang} path={path} />}
      />
    </TickerContext.Provider>
  )
}
