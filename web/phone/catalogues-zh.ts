import { planZh } from './words/plan.ts'
import { roomZh } from './words/room.ts'

const words = { ...roomZh, ...planZh, signIn: '登录' }
/** A war room is in one language, so a phone loads one, and of it only what the room says. */
export const catalogues = { zh: words, en: words }
