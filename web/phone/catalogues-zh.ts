import { roomZh } from './words/room.ts'
import { homeZh } from './words/home.ts'
import { planZh } from './words/plan.ts'

const words = { ...roomZh, ...homeZh, ...planZh }
/** A page is in one language, so a phone loads one; words only clients read are left out. */
export const catalogues = { zh: words, en: words }
