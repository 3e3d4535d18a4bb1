import type { Catalogue } from '../shared/i18n.ts'
import { clientEn, clientZh } from './words/client.ts'
import { homeEn, homeZh } from './words/home.ts'
import { planEn, planZh } from './words/plan.ts'
import { roomEn, roomZh } from './words/room.ts'

/** Every interface word of the phone pages. Playbooks and messages to clients are content and stay Chinese. */
export const zh = { ...roomZh, ...homeZh, ...planZh, ...clientZh }
export type WordKey = keyof typeof zh
export const en: Catalogue<typeof zh> = { ...roomEn, ...homeEn, ...planEn, ...clientEn }
