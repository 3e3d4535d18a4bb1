import fs from 'node:fs'
import path from 'node:path'
import { checkIncident } from '../src/incidents/checker.ts'
import type { Snapshot } from '../src/incidents/snapshot.ts'
import { wakeUpsOf } from '../src/incidents/wake-ups.ts'
import { openDatabase, openPool, withAgency } from '../src/platform/database.ts'
import type { Stage } from './stage.ts'

type Push = { event: string; deliveries: { good: boolean }[] }
type Seen = { provider: string; to: string; text: string }
type Call = { at: string; path: string; caller: string; errcode: number | null }

export type Findings = {
  problems: string[]
  incidents: number
  clientMessages: number
  pushesAcknowledged: number
  entries: number
}

/**
 * Looks into the product's own database and at what the simulator saw, after the dust has settled: was anything lost that we
 * had said yes to, was anything said or done twice?
 */
export async function inspect(
  stage: Stage,
  expected: { appid: string; clientPhone: string; presses: readonly string[]; since: string },
): Promise<Findings> {
  const problems: string[] = []
  const pool = openPool({ connectionString: stageUrl(stage.home), max: 2 })
  const database = openDatabase(pool)
  try {
    const { pushes } = await stage.sim<{ pushes: Push[] }>('GET', `/_sim/pushes?appid=${expected.appid}`)
    const acknowledged = pushes.filter((push) => push.deliveries.some((d) => d.good))
    const found = await withAgency(database, 'demo', async (tx) => {
      const incidents = await tx.selectFrom('dx.incidents').selectAll().orderBy('opened_at').execute()
      const kept = await tx
        .selectFrom('dx.pushes as p')
        .innerJoin('dx.accounts as a', 'a.id', 'p.account_id')
        .select('p.dedupe_key')
        .where('a.appid', '=', expected.appid)
        .execute()
      if (kept.length < acknowledged.length)
        problems.push(`${acknowledged.length} pushes were acknowledged, ${kept.length} are kept`)
      if (incidents.length !== 1) problems.push(`${incidents.length} incidents instead of one`)
      const presses = new Set((await tx.selectFrom('dx.presses').select('key').execute()).map((row) => row.key.slice(37)))
      for (const press of expected.presses) if (!presses.has(press)) problems.push(`the acknowledged press ${press} is lost`)
      let entries = 0
      for (const incident of incidents) {
        const state = incident.snapshot as unknown as Snapshot
        entries += incident.head_seq
        const checked = await checkIncident(tx, incident.id)
        if (!checked.ok) problems.push(`the timeline does not add up: ${checked.what}`)
        const armed = new Map(
          (await tx.selectFrom('dx.deadlines').selectAll().execute()).map((row) => [`${row.kind} ${row.subject_id}`, row.due_at]),
        )
        for (const wakeUp of wakeUpsOf(incident.id, state)) {
          if (armed.get(`${wakeUp.kind} ${wakeUp.subject}`) !== wakeUp.at)
            problems.push(`the timer ${wakeUp.kind} ${wakeUp.subject} is lost`)
        }
        if (state.articles.filter((a) => a.removable && a.removedSeq === undefined).length > 0)
          problems.push('a rogue article is still there')
        if (state.menu !== 'as-approved') problems.push('the menu was not put back')
      }
      return { incidents: incidents.length, entries }
    })
    const { messages } = await stage.sim<{ messages: Seen[] }>('GET', '/_sim/providers/messages')
    const toClient = messages.filter((m) => m.to.endsWith(expected.clientPhone) || m.to.includes('wang@qinghe'))
    const times = new Map<string, number>()
    for (const m of toClient) times.set(`${m.provider}: ${m.text}`, (times.get(`${m.provider}: ${m.text}`) ?? 0) + 1)
    for (const [what, count] of times) if (count > 1) problems.push(`said ${count} times over the same way: ${what}`)
    if (toClient.length === 0) problems.push('the client was not told')
    const { calls } = await stage.sim<{ calls: Call[] }>('GET', `/_sim/calls?appid=${expected.appid}`)
    const published = calls.filter(
      (call) => call.caller === 'product' && call.at >= expected.since && /freepublish\/submit|mass\/send/.test(call.path),
    )
    if (published.length > 0) problems.push(`${published.length} publications of ours went out during the hold`)
    return { problems, ...found, clientMessages: toClient.length, pushesAcknowledged: acknowledged.length }
  } finally {
    await database.destroy()
  }
}

function stageUrl(home: string): string {
  const folder = path.join(home, 'postgres')
  const password = fs.readFileSync(path.join(folder, 'owner.password'), 'utf8').trim()
  const port = fs.readFileSync(path.join(folder, 'pgdata/postmaster.pid'), 'utf8').split('\n')[3]
  return `postgres://dx_owner:${password}@127.0.0.1:${port}/dingxin`
}
