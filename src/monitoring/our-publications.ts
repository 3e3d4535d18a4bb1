import type { Tx } from '../platform/database.ts'
import { thisAgency } from '../platform/jsonb.ts'
import type { Instant } from '../platform/time.ts'
import type { Origin, OurPublication } from './judge.ts'

type Ids = { articleIds?: string[]; publishIds?: string[]; msgIds?: string[] }

/** Our publications with one of these ids, and all that are under way and may not know theirs yet. */
export async function ourPublications(
  tx: Tx,
  accountId: string,
  { articleIds = [], publishIds = [], msgIds = [] }: Ids,
): Promise<OurPublication[]> {
  const rows = await tx
    .selectFrom('dx.publications')
    .select(['id', 'title', 'state', 'publish_id', 'msg_id', 'article_id'])
    .where('account_id', '=', accountId)
    .where((is) =>
      is.or([
        is('state', 'in', ['submitting', 'unknown', 'confirming', 'waiting-for-administrator']),
        ...(articleIds.length > 0 ? [is('article_id', 'in', articleIds)] : []),
        ...(publishIds.length > 0 ? [is('publish_id', 'in', publishIds)] : []),
        ...(msgIds.length > 0 ? [is('msg_id', 'in', msgIds)] : []),
      ]),
    )
    .execute()
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    state: row.state,
    publishId: row.publish_id,
    msgId: row.msg_id,
    articleId: row.article_id,
  }))
}

export async function knownKeys(tx: Tx, accountId: string, keys: string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const rows = await tx
    .selectFrom('dx.known_articles')
    .select('key')
    .where('account_id', '=', accountId)
    .where('key', 'in', keys)
    .execute()
  return new Set(rows.map((row) => row.key))
}

export async function rememberArticle(
  tx: Tx,
  accountId: string,
  article: { key: string; origin: Origin; title: string | null; url: string | null },
  now: Instant,
): Promise<void> {
  await tx
    .insertInto('dx.known_articles')
    .values({ agency_id: thisAgency, account_id: accountId, ...article, first_seen_at: now })
    .onConflict((same) => same.doNothing())
    .execute()
}

export const markGone = (tx: Tx, accountId: string, key: string, now: Instant) =>
  tx
    .updateTable('dx.known_articles')
    .set({ gone_at: now })
    .where('account_id', '=', accountId)
    .where('key', '=', key)
    .where('gone_at', 'is', null)
    .execute()

export const zoneOf = async (tx: Tx): Promise<string> =>
  (await tx.selectFrom('dx.agencies').select('zone').executeTakeFirst())?.zone ?? 'Asia/Shanghai'
