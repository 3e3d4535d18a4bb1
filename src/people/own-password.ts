import type { App } from '../platform/app.ts'
import { withAgency } from '../platform/database.ts'
import { type Outcome, refused } from '../platform/outcome.ts'
import { elapsed, minutes } from '../platform/time.ts'
import type { Auth } from './auth.ts'
import { type By, writeDown } from './commands.ts'
import { revokeMyOtherSessions } from './sessions.ts'

const freshFor = minutes(15)

/**
 * Chooses a password without knowing the former one, right after a one-time address was used: the first password, or a forgotten
 * one. Later the former password is asked for (/api/auth/change-password). Other devices are signed out.
 */
export async function chooseMyPassword(
  app: App,
  auth: Auth,
  by: By,
  headers: Headers,
  password: string,
): Promise<Outcome<{ ended: number }>> {
  const here = await auth.sessionOf(headers)
  if (!here) return refused('登录已失效，密码没有改。请重新登录。')
  return withAgency(app.database, by.agencyId, async (tx, now) => {
    if (elapsed(here.signedInAt, now) > freshFor)
      return refused('登录超过 15 分钟了，密码没有改。请用原密码修改，或请管理员再发一个登录链接。')
    const saved = await auth.setPassword(here.userId, password)
    if (!saved.ok) return saved
    await writeDown(tx, by, 'password-chosen', {})
    return revokeMyOtherSessions(auth, headers)
  })
}
