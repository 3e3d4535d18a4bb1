import type { Catalogue, Lang } from '../shared/i18n.ts'
import { en, zh } from './words.ts'

/** Both languages, for the server. The browser's bundles take catalogues-zh.ts or catalogues-en.ts in place of this file. */
export const catalogues: Record<Lang, Catalogue<typeof zh>> = { zh, en }
