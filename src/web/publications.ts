import type { Services } from '../app.ts'
import type { PublicationRow } from '../contract.ts'
import type { Actor } from '../platform/access.ts'
import { asActor } from '../platform/database.ts'

export async function publicationRows({ app }: Pick<Services, 'app'>, actor: Actor): Promise<PublicationRow[]> {
  const rows = await asActor(app.database, actor, (tx) =>
    tx
      .selectFrom('dx.publications as p')
      .innerJoin('dx.accounts as a', 'a.id', 'p.account_id')
      .select(['p.id', 'a.name', 'p.title', 'p.state', 'p.goes_out_at', 'p.note'])
      .orderBy('p.goes_out_at')
      .limit(500)
      .execute(),
  )
  return rows.map((r) => ({
    id: r.id,
    accountName: r.name,
    title: r.title,
    state: r.state,
    ...(r.goes_out_at ? { goesOutAt: r.goes_out_at } : {}),
    ...(r.note ? { note: r.note } : {}),
  }))
}
