import { sql } from 'kysely'
import type { Actor } from '../platform/access.ts'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import { arm } from '../platform/deadlines.ts'
import type { Json } from '../platform/json.ts'
import { jsonb } from '../platform/jsonb.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import type { Account } from './account.ts'
import { audit } from './audit.ts'
import { accountByAppid } from './store.ts'

export type Released = { account: Account; todo: string[] }

/** Gives the callback address back with one call. WeChat has no API for its address, so the rest is for a person, named here. */
export async function releaseCallback(app: App, actor: Actor, accountId: string): Promise<Outcome<Released>> {
  return withAgency(app.database, actor.agencyId, async (tx, now) => {
    const account = await tx.selectFrom('dx.accounts').selectAll().where('id', '=', accountId).forUpdate().executeTakeFirst()
    if (!account || account.disconnected_at) return refused('没有找到这个已接入的账号，什么都没有改。')
    if (account.reception !== 'callback' && account.reception !== 'relay')
      return refused(`《${account.name}》没有使用服务器推送，不需要退回。`)
    await tx
      .updateTable('dx.accounts')
      .set({
        reception: 'poll',
        relay_url: null,
        former_reception: jsonb({ released: true, reception: account.reception, relayUrl: account.relay_url, at: now }),
        abilities: sql<Json>`abilities - 'sealedPushes'`,
      })
      .where('id', '=', accountId)
      .execute()
    await audit(tx, actor.personId, 'callback-released', { accountId })
    const todo = [
      account.relay_url
        ? `请在公众平台把服务器地址改回 ${account.relay_url}（Token 和密钥不用改）。改好之前推送仍会到定心丸，但不再转发。`
        : '请在公众平台停用服务器配置，或改回原来的地址。停用后公众平台的菜单和自动回复编辑器恢复可用。',
      '定心丸已改为轮询，监测没有中断。',
    ]
    return done({ account: (await accountByAppid(tx, account.appid))!, todo })
  })
}

/** Stops looking after an account: secrets and tokens are destroyed, what was recorded stays. */
export async function disconnectAccount(app: App, actor: Actor, accountId: string): Promise<Outcome<{ todo: string[] }>> {
  return withAgency(app.database, actor.agencyId, async (tx, now) => {
    const account = await tx.selectFrom('dx.accounts').selectAll().where('id', '=', accountId).forUpdate().executeTakeFirst()
    if (!account || account.disconnected_at) return refused('没有找到这个已接入的账号，什么都没有改。')
    await tx
      .updateTable('dx.accounts')
      .set({ disconnected_at: now, secret_sealed: null, refresh_token_sealed: null, reception: 'poll', relay_url: null })
      .where('id', '=', accountId)
      .execute()
    await removeTokens(tx, account.appid)
    await tx.deleteFrom('dx.callback_doors').where('account_id', '=', accountId).execute()
    await arm(tx, 'account-disconnected', accountId, now, 2)
    await audit(tx, actor.personId, 'account-disconnected', { accountId })
    const todo: string[] = []
    if (account.reception === 'callback' || account.reception === 'relay')
      todo.push('请在公众平台停用服务器配置或改回原来的地址，否则读者会看到“服务出现故障”。')
    todo.push(
      account.mode === 'component' ? '请客户在公众平台取消对第三方平台的授权。' : '建议客户在微信开发者平台重置 AppSecret。',
    )
    return done({ todo })
  })
}

const removeTokens = (tx: Tx, appid: string) =>
  tx
    .deleteFrom('dx.wechat_tokens')
    .where('key', 'in', [`secret:${appid}`, `component:${appid}`, `last-refusal:${appid}`])
    .execute()
