import type { App } from '../platform/app.ts'
import { withAgency } from '../platform/database.ts'
import { arm } from '../platform/deadlines.ts'
import type { EffectKinds } from '../platform/outbox.ts'
import { component as platform } from '../wechat/index.ts'
import type { Account } from './account.ts'
import { forgetTokens } from './account-rows.ts'
import { audit } from './audit.ts'
import { openPlatform } from './connect-component.ts'
import { accountById } from './store.ts'

/** `renew-authorisation`: the client authorised us anew, so the refresh token we hold is dead; the list has the live one. */
export const accountEffects = (app: App): EffectKinds => ({
  'renew-authorisation': {
    reaches: 'wechat',
    whenUnknown: 'again',
    async carry({ agencyId, payload }) {
      const { accountId } = payload as { accountId: string }
      const opened = await openPlatform(app, agencyId)
      if (!opened.ok) return { result: 'refused', retry: 'later', afterMs: 60_000, reason: opened.reason }
      const account = await withAgency(app.database, agencyId, (tx) => accountById(tx, accountId))
      if (!account || account.disconnectedAt)
        return { result: 'refused', retry: 'never', reason: 'the account is no longer connected' }
      for (let offset = 0; ; offset += 100) {
        const page = await platform.listAuthorizers(opened.value.session, { offset, count: 100 })
        if (!page.ok) return { result: 'refused', retry: 'later', afterMs: 15_000, reason: page.problem.message }
        const found = page.value.items.find((item) => item.appid === account.appid)
        if (found) {
          await keepRenewed(app, agencyId, account, found.refreshToken)
          return { result: 'done', receipt: 'the refresh token was renewed' }
        }
        if (page.value.items.length < 100)
          return { result: 'refused', retry: 'never', reason: 'the account is not among those that authorised us' }
      }
    },
  },
})

async function keepRenewed(app: App, agencyId: string, account: Account, refreshToken: string): Promise<void> {
  await forgetTokens(app, agencyId, account.appid)
  await withAgency(app.database, agencyId, async (tx, now) => {
    await tx
      .updateTable('dx.accounts')
      .set({ refresh_token_sealed: app.secrets.seal(refreshToken), authorised: true, reception: 'component' })
      .where('id', '=', account.id)
      .execute()
    await arm(tx, 'account-connected', account.id, now, 2)
    await audit(tx, 'wechat-door', 'account-authorised-again', { accountId: account.id, appid: account.appid })
  })
}
