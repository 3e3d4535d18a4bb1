import fs from 'node:fs'
import type { PageName, PageProps, PhoneServer } from '../../web/phone/pages.ts'
import type { Ctx } from '../platform/doors.ts'

const built = new URL('../../dist/phone-server/server.js', import.meta.url)

/** The pages as Vite built them from web/phone. A missing build is said plainly, with the command that makes it. */
export async function loadPages(): Promise<PhoneServer> {
  if (!fs.existsSync(built))
    throw new Error('页面还没有生成：请运行 npm start（会自动生成），或 node scripts/build-web.ts。数据未动。')
  return (await import(built.href)) as PhoneServer
}

type Status = 200 | 400 | 401 | 403 | 404 | 409 | 410 | 429 | 500

/** Renders one page for whoever asks: their language and theme from cookies, a fresh nonce for the one script. */
export function show<Name extends PageName>(
  pages: PhoneServer,
  c: Ctx,
  name: Name,
  props: PageProps[Name],
  status: Status = 200,
): Response {
  const cookies = c.req.header('cookie') ?? ''
  const lang = /(?:^|; )dx_lang=en(?:;|$)/.test(cookies) ? 'en' : 'zh'
  const theme = (/(?:^|; )dx_theme=(day|night)(?:;|$)/.exec(cookies)?.[1] ?? 'auto') as 'auto' | 'day' | 'night'
  const html = pages.renderPage(name, props, { lang, theme, script: pages.scriptOf(name, lang), nonce: c.get('nonce') })
  return c.html(html, status)
}

/** A code to read aloud on the telephone. */
export const errorCode = (nonce: string): string =>
  nonce
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 3)
    .toUpperCase()

export const wantsJson = (c: Ctx): boolean =>
  (c.req.header('accept') ?? '').includes('application/json') || c.req.path.startsWith('/api/') || c.req.path.endsWith('.json')
