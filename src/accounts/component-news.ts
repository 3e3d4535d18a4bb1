import { sql } from 'kysely'
import type { App } from '../platform/app.ts'
import type { Tx } from '../platform/database.ts'
import { arm } from '../platform/deadlines.ts'
import { jsonb } from '../platform/jsonb.ts'
import { addEffect } from '../platform/outbox.ts'
import type { Instant } from '../platform/time.ts'
import type { Push } from '../wechat/index.ts'
import { keptOf } from './push-keeping.ts'

export type AuthorisationNews = { componentAppid: string; push: Push; raw: string }

/** What WeChat tells a third-party platform: its ticket, and who authorised it or took that back (docs/wechat, section a.2). */
export async function keepAuthorisationNews(
  app: App,
  tx: Tx,
  now: Instant,
  { componentAppid, push, raw }: AuthorisationNews,
): Promise<void> {
  switch (push.kind) {
    case 'component-ticket':
      await tx
        .updateTable('dx.components')
        .set({ ticket_sealed: app.secrets.seal(push.ticket), ticket_at: push.createdAt })
        .where('appid', '=', componentAppid)
        // A late delivery of an older ticket must not replace a newer one.
        .where((is) => is.or([is('ticket_at', 'is', null), is('ticket_at', '<=', push.createdAt)]))
        .execute()
      return
    case 'unauthorized': {
      const account = await authorised(tx, push.appid)
      if (!account) return
      const kept = keptOf(push, '')
      const added = await sql`insert into dx.pushes (agency_id, account_id, dedupe_key, kind, push, raw)
        values (dx.agency(), ${account.id}, ${kept.dedupeKey}, ${kept.kind}, ${jsonb(kept.push)}, ${raw}) on conflict do nothing`.execute(
        tx,
      )
      if (added.numAffectedRows) await arm(tx, 'push-received', `${account.id}:${kept.dedupeKey}`, now, 1)
      return
    }
    case 'authorized':
    case 'updated-authorization': {
      // An account we do not know yet is connected by the person who comes back from the scan.
      const account = await authorised(tx, push.appid)
      if (!account) return
      await addEffect(tx, {
        id: app.newId(),
        kind: 'renew-authorisation',
        key: push.dedupeKey,
        mode: 'real',
        accountId: account.id,
        payload: { accountId: account.id },
      })
      return
    }
    default:
      return
  }
}

const authorised = (tx: Tx, appid: string) =>
  tx.selectFrom('dx.accounts').select(['id']).where('appid', '=', appid).where('mode', '=', 'component').executeTakeFirst()
