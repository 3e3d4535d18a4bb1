import { authorizationUrl, connectByAuthorization, setComponent } from '../accounts/index.ts'
import type { Services } from '../app.ts'
import { admins } from '../platform/access.ts'
import type { Ctx, Doors } from '../platform/doors.ts'

/**
 * Connecting by authorisation: the client's administrator scans at WeChat and comes back with a code. The way back carries a
 * word that only we can make, bound to whoever set out, so that a foreign code cannot be slipped in.
 */
export function componentRoutes(doors: Doors, { app }: Services, refuse: (c: Ctx, words: string) => Response): void {
  const stateOf = (personId: string) => app.secrets.digest(`component:${personId}`).slice(0, 32)

  doors.add('POST', '/api/v1/component', admins, 'register our third-party platform', async (c, actor) => {
    const outcome = await setComponent(app, actor, (await c.req.json()) as never)
    return outcome.ok ? c.json(outcome.value) : c.json({ ok: false, message: outcome.reason }, 409)
  })
  doors.add('GET', '/connect/component', admins, 'set out to WeChat for an authorisation', async (c, actor) => {
    const redirectUri = `${app.publicUrl()}/connect/component/return?state=${stateOf(actor.personId)}`
    const isPhone = /Mobile|Android|iPhone/i.test(c.req.header('user-agent') ?? '')
    const outcome = await authorizationUrl(app, actor, { redirectUri, where: isPhone ? 'phone' : 'computer' })
    return outcome.ok ? c.redirect(outcome.value.url, 302) : refuse(c, outcome.reason)
  })
  doors.add('GET', '/connect/component/return', admins, 'back from WeChat with a code', async (c, actor) => {
    if (c.req.query('state') !== stateOf(actor.personId)) return refuse(c, '这次授权不是从这里发起的，没有接入')
    const outcome = await connectByAuthorization(app, actor, { code: c.req.query('auth_code') ?? '' })
    return outcome.ok ? c.redirect('/app/accounts', 302) : refuse(c, outcome.reason)
  })
}
