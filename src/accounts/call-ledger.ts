import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import { arm } from '../platform/deadlines.ts'
import { thisAgency } from '../platform/jsonb.ts'
import type { TokenEvent, WeChatCall } from '../wechat/index.ts'
import type { AccountId } from './account.ts'

/** What a session noticed while calling: the calls themselves, and WeChat refusing tokens it should have known. */
export type Noticed = { calls: WeChatCall[]; tokens: TokenEvent[] }
export const nothingNoticed = (): Noticed => ({ calls: [], tokens: [] })

/**
 * Writes down what was noticed. A refused token wakes `token-trouble` in the same transaction, so that whoever made the
 * call, monitoring hears of it.
 */
export async function keepNoticed(tx: Tx, accountId: AccountId | null, noticed: Noticed): Promise<void> {
  if (noticed.calls.length > 0)
    await tx
      .insertInto('dx.wechat_calls')
      .values(noticed.calls.map((call) => callRow(accountId, call)))
      .execute()
  if (accountId) for (const { kind, at } of noticed.tokens) await arm(tx, 'token-trouble', `${accountId}:${kind}`, at, 1)
}

/** The same on its own. The answer is already in hand: a ledger that cannot be written is reported, not thrown. */
export async function flushNoticed(app: App, agencyId: string, accountId: AccountId | null, noticed: Noticed): Promise<void> {
  const taken = { calls: noticed.calls.splice(0), tokens: noticed.tokens.splice(0) }
  if (taken.calls.length + taken.tokens.length === 0) return
  try {
    await withAgency(app.database, agencyId, (tx) => keepNoticed(tx, accountId, taken))
  } catch (error) {
    app.log.error(
      { accountId, paths: taken.calls.map((call) => call.path), error },
      'calls to WeChat could not be written to the ledger',
    )
  }
}

const callRow = (accountId: AccountId | null, call: WeChatCall) => ({
  agency_id: thisAgency,
  account_id: accountId,
  path: call.path,
  started_at: call.startedAt,
  took_ms: Math.max(0, Math.round(call.tookMs)),
  http_status: call.httpStatus,
  errcode: call.errcode,
  rid: call.rid,
  request: clean(call.requestSummary),
  response: clean(call.responseText),
})

/** PostgreSQL's text cannot hold NUL, and what WeChat sends is not ours to trust. */
const clean = (text: string) => text.toWellFormed().replaceAll('\0', '�')
