import { planEn } from './words/plan.ts'
import { roomEn } from './words/room.ts'

const words = { ...roomEn, ...planEn, signIn: 'Sign in' }
/** A war room is in one language, so a phone loads one, and of it only what the room says. */
export const catalogues = { zh: words, en: words }
