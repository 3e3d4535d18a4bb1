import type { Services } from '../app.ts'
import type { MeView } from '../contract.ts'
import { rosterAt } from '../people/escalation-settings.ts'
import type { Actor } from '../platform/access.ts'
import { withAgency } from '../platform/database.ts'

/** Who is signed in, who is on duty, and what of the set-up is proven to work. */
export async function meView({ app }: Pick<Services, 'app'>, actor: Actor): Promise<MeView> {
  return withAgency(app.database, actor.agencyId, async (tx, now) => {
    const agency = await tx.selectFrom('dx.agencies').selectAll().executeTakeFirstOrThrow()
    const roster = await rosterAt(tx, now)
    const count = async (table: 'dx.people' | 'dx.channel_settings' | 'dx.accounts' | 'dx.rota_shifts') =>
      Number(
        (
          await tx
            .selectFrom(table)
            .select((e) => e.fn.countAll<string>().as('n'))
            .executeTakeFirstOrThrow()
        ).n,
      )
    const open = await tx
      .selectFrom('dx.incidents')
      .select((e) => e.fn.countAll<string>().as('n'))
      .where('state', 'in', ['open', 'acknowledged', 'contained'])
      .where('mode', '=', 'real')
      .executeTakeFirstOrThrow()
    const [people, shifts, channels, accounts] = [
      await count('dx.people'),
      await count('dx.rota_shifts'),
      await count('dx.channel_settings'),
      await count('dx.accounts'),
    ]
    const sent = await tx.selectFrom('dx.sends').select('kind').where('send_id', 'is not', null).groupBy('kind').execute()
    const agreed = await tx.selectFrom('dx.accounts').select('id').where('removal_agreement', 'is not', null).execute()
    const step = (key: string, title: string, titleEn: string, done: boolean, detail: string) => ({
      key,
      title,
      titleEn,
      done,
      detail,
    })
    return {
      agency: { id: agency.agency_id, name: agency.name },
      person: { id: actor.personId, name: actor.name, role: actor.role },
      demo: app.config.demo && agency.agency_id === 'demo',
      duty: { ...(roster.first ? { first: roster.first.name } : {}), ...(roster.backup ? { backup: roster.backup.name } : {}) },
      openIncidents: Number(open.n),
      serverNow: now,
      setup: [
        step('people', '加同事', 'Add colleagues', people > 1, `${people} 人`),
        step(
          'rota',
          '配值班',
          'Set the duty rota',
          Boolean(roster.first),
          roster.first ? `现在值班：${roster.first.name}` : shifts > 0 ? '此刻没有人值班' : '还没有排班',
        ),
        step(
          'channels',
          '配通知并测试',
          'Set up and test channels',
          channels > 0 && sent.length > 0,
          `${channels} 个渠道，${sent.length} 个送达过`,
        ),
        step('accounts', '接入账号', 'Connect accounts', accounts > 0, `${accounts} 个账号`),
        step(
          'promises',
          '记下客户的事先同意',
          'Record clients’ prior agreement',
          agreed.length > 0,
          `${agreed.length} 个账号已同意自动清理`,
        ),
      ],
    }
  })
}
