import { hydrate } from 'preact'
import type { Lang } from '../shared/i18n.ts'
import { startClock } from './device-clock.ts'
import type { WarRoomProps } from './pages.ts'
import { LiveRoom } from './war-room/live.tsx'

/** What renderPage put beside the HTML. */
type Data = { lang: Lang; props: WarRoomProps }

const page = document.getElementById('page')
const data = JSON.parse(document.getElementById('data')?.textContent ?? 'null') as Data | null
if (page && data) hydrate(<LiveRoom {...data.props} lang={data.lang} clock={startClock(data.props.view.serverNow)} />, page)
