import { type BaselineKind, setBaseline, weChatFor } from '../accounts/index.ts'
import type { Actor } from '../platform/access.ts'
import type { App } from '../platform/app.ts'
import { withAgency } from '../platform/database.ts'
import type { Json } from '../platform/json.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { menu } from '../wechat/index.ts'
import { urgeProbes } from './probe-rows.ts'

/** Takes what is on the account now as normal, in a person's name: after a change of our own, or one the client confirmed. */
export async function approveBaseline(
  app: App,
  actor: Actor,
  accountId: string,
  kind: BaselineKind,
): Promise<Outcome<{ approved: BaselineKind }>> {
  const opened = await weChatFor(app, actor.agencyId, accountId)
  if (!opened.ok) return opened
  const { session, account } = opened.value
  const read = kind === 'menu' ? await menu.getSelfMenu(session) : await menu.getAutoReply(session)
  if (!read.ok)
    return refused(
      `没能读到《${account.name}》现在的${kind === 'menu' ? '菜单' : '自动回复'}，基线没有改：${read.problem.message}`,
    )
  await withAgency(app.database, actor.agencyId, async (tx, now) => {
    await setBaseline(tx, accountId, kind, read.value.raw as Json, actor.personId)
    await urgeProbes(tx, accountId, now)
  })
  return done({ approved: kind })
}
