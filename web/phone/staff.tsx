import { type ComponentType, h, hydrate } from 'preact'
import type { Lang } from '../shared/i18n.ts'
import { startClock } from './device-clock.ts'
import { Incidents, More, Sessions, Today, Waiting } from './home/pages.tsx'
import type { HomeProps, WarRoomProps } from './pages.ts'
import { TickerContext } from './ticker.tsx'
import { LiveRoom } from './war-room/live.tsx'

/** What renderPage put beside the HTML. */
type Data = { lang: Lang } & ({ name: 'war-room'; props: WarRoomProps } | { name: keyof typeof lists; props: HomeProps })
const lists = { today: Today, incidents: Incidents, waiting: Waiting, more: More, sessions: Sessions }

const page = document.getElementById('page')
const data = JSON.parse(document.getElementById('data')?.textContent ?? 'null') as Data | null
if (page && data) {
  const { name, lang, props } = data
  if (name === 'war-room') hydrate(<LiveRoom {...props} lang={lang} clock={startClock(props.view.serverNow)} />, page)
  else {
    const List = lists[name] as ComponentType<HomeProps & { lang: Lang }>
    hydrate(
      <TickerContext.Provider value={startClock(props.me.serverNow)}>{h(List, { ...props, lang })}</TickerContext.Provider>,
      page,
    )
  }
}
