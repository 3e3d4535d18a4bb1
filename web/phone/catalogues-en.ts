import { roomEn } from './words/room.ts'
import { homeEn } from './words/home.ts'
import { planEn } from './words/plan.ts'

const words = { ...roomEn, ...homeEn, ...planEn }
/** A page is in one language, so a phone loads one; words only clients read are left out. */
export const catalogues = { zh: words, en: words }
