import { type AccountSession, accountById, beijingDay, keepNoticed, sessionIn } from '../accounts/index.ts'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import { before, type Duration, type Instant, seconds } from '../platform/time.ts'
import { judgeProblem, PATIENCE } from './judge.ts'
import { type Asked, askWeChat, type Question } from './probe-calls.ts'
import { finishProbe, lockProbes, type Memory, type ProbeRow, probeRows } from './probe-rows.ts'
import { type Judged, judgeSighting } from './probe-settling.ts'
import { HURRY_LASTS, type ProbeKind, pause, plans, USUAL_LIMIT } from './probes.ts'
import { raiseSignal } from './signals.ts'
import { noteTrouble } from './trouble.ts'

export type ProbeJob = { agencyId: string; accountId: string; kind: ProbeKind }
export type ProbeRunner = { add(job: ProbeJob): void /** Resolves when nothing is running or waiting. */; idle(): Promise<void> }

const SLOTS = 16

/**
 * Asks WeChat outside of every transaction. The deadline that brought a job here has already been set to a later moment, so
 * a process that dies in the middle of a call only means that the probe is due again. A job already here is not taken twice.
 */
export function makeProbeRunner(app: App, slots = SLOTS): ProbeRunner {
  const waiting = new Map<string, ProbeJob>()
  const running = new Set<string>()
  let onIdle: (() => void)[] = []
  const keyOf = (job: ProbeJob) => `${job.agencyId}/${job.accountId}/${job.kind}`

  const pump = () => {
    for (const [key, job] of waiting) {
      if (running.size >= slots) return
      waiting.delete(key)
      running.add(key)
      void runProbe(app, job)
        .catch((error: unknown) => app.log.error({ error, ...job }, 'a probe could not be finished; it will be due again'))
        .finally(() => {
          running.delete(key)
          pump()
        })
    }
    if (running.size > 0) return
    for (const done of onIdle.splice(0)) done()
    onIdle = []
  }

  return {
    add(job) {
      const key = keyOf(job)
      if (waiting.has(key) || running.has(key)) return
      waiting.set(key, job)
      pump()
    },
    idle: () => (running.size + waiting.size === 0 ? Promise.resolve() : new Promise((done) => onIdle.push(done))),
  }
}

/** One run: read what to ask, ask, judge. Three steps, the middle one without a transaction. */
export async function runProbe(app: App, { agencyId, accountId, kind }: ProbeJob): Promise<void> {
  const { opened, question, startedAt } = await withAgency(app.database, agencyId, async (tx, now) => ({
    opened: await sessionIn(app, tx, now, accountId, { keep: 'collected' }),
    question: await prepare(tx, accountId, kind, now),
    startedAt: now,
  }))
  if (!question) return
  const asked = opened.ok ? await askWeChat(opened.value, question) : opened
  await withAgency(app.database, agencyId, async (tx, now) => {
    // Before the probes are locked: whoever handles `token-trouble` holds that row and then wants the probes.
    if (opened.ok) await keepNoticed(tx, accountId, { calls: [], tokens: opened.value.noticed.tokens })
    const rows = await lockProbes(tx, accountId)
    const memory = rows.find((row) => row.kind === kind)?.memory
    if (!memory) return
    if ('reason' in asked) {
      await finishProbe(tx, accountId, kind, now, { ok: false, problem: asked.reason, memory, every: seconds(60), startedAt })
      return
    }
    if (opened.ok) await settle(app, tx, now, { kind, asked, opened: opened.value, rows, memory, startedAt })
  })
}

const OURS_PER_RUN = 5
const OURS_WATCHED = 20

async function prepare(tx: Tx, accountId: string, kind: ProbeKind, now: Instant): Promise<Question | undefined> {
  const row = (await probeRows(tx, accountId)).find((one) => one.kind === kind)
  if (!row) return undefined
  const seen = row.memory.seen ?? {}
  const runs = Number(seen.runs ?? 0)
  const ours = kind === 'article-gone' ? await ownArticles(tx, accountId, runs, Object.keys((seen.missing ?? {}) as object)) : []
  return {
    kind,
    runs,
    lastTotal: typeof seen.total === 'number' ? seen.total : null,
    ours,
    wantsLimits: seen.day !== beijingDay(now),
  }
}

/** A few of our newest live articles in turn, those found missing always. */
async function ownArticles(tx: Tx, accountId: string, runs: number, missing: string[]): Promise<Question['ours']> {
  const rows = await tx
    .selectFrom('dx.known_articles')
    .select(['key'])
    .where('account_id', '=', accountId)
    .where('origin', '=', 'ours')
    .where('gone_at', 'is', null)
    .where('key', 'like', 'article:%')
    .orderBy('first_seen_at', 'desc')
    .limit(OURS_WATCHED)
    .execute()
  const from = rows.length > OURS_PER_RUN ? (runs * OURS_PER_RUN) % rows.length : 0
  const turn = [...rows, ...rows].slice(from, from + Math.min(OURS_PER_RUN, rows.length)).map((row) => row.key)
  const keys = [...new Set([...missing, ...turn])]
  if (keys.length === 0) return []
  const published = await tx
    .selectFrom('dx.publications')
    .select(['article_id', 'publish_id'])
    .where('account_id', '=', accountId)
    .where(
      'article_id',
      'in',
      keys.map((key) => key.replace(/^article:/, '')),
    )
    .execute()
  return keys.map((key) => ({ key, publishId: published.find((one) => `article:${one.article_id}` === key)?.publish_id ?? null }))
}

type Run = { kind: ProbeKind; asked: Asked; opened: AccountSession; rows: ProbeRow[]; memory: Memory; startedAt: Instant }

async function settle(app: App, tx: Tx, now: Instant, { kind, asked, opened, rows, memory, startedAt }: Run): Promise<void> {
  const account = await accountById(tx, opened.account.id)
  if (!account || account.disconnectedAt) return
  const trouble = asked.ok ? null : judgeProblem(asked.problem, account, now)
  const judged: Judged = asked.ok ? await judgeSighting({ tx, now, account, memory }, asked.sighting) : { seen: {}, signals: [] }
  const isNewTrouble = trouble !== null && (await noteTrouble(tx, account.id, trouble))
  const signals = isNewTrouble ? [...judged.signals, trouble.signal] : judged.signals
  let isNews = false
  for (const signal of signals) isNews = (await raiseSignal(app, tx, account.id, signal, now)) || isNews

  const problem = asked.ok ? null : `${asked.problem.code ?? ''} ${asked.problem.message}`.trim()
  const { calls } = opened.noticed
  // What showed nothing new is only counted: a hundred accounts asked every few seconds would fill the disk with “as before”.
  const isKept = isNews || (problem !== null && problem !== memory.problem)
  const kept = calls.filter((call) => isKept || call.path.endsWith('token'))
  await keepNoticed(tx, account.id, { calls: kept, tokens: [] })

  const counted = count(
    memory,
    calls.filter((call) => !kept.includes(call)),
    beijingDay(now),
  )
  const { path } = plans[kind]
  const fails = asked.ok ? 0 : (memory.fails ?? 0) + 1
  const next: Memory = {
    ...(fails > 0 ? { fails } : {}),
    ...(problem ? { problem } : {}),
    calls: counted,
    seen: { ...memory.seen, ...judged.seen, runs: Number(memory.seen?.runs ?? 0) + 1 },
  }
  const every = pause({
    kind,
    callsPerRun: calls.filter((call) => call.path === path).length,
    quota: quotaOf(rows, path, counted.counts[path] ?? 0, beijingDay(now)),
    lastSignalAt: isNews ? now : await lastSignal(tx, account.id, now),
    fails,
    now,
  })
  await finishProbe(tx, account.id, kind, now, {
    ok: asked.ok,
    problem,
    memory: next,
    every: judged.soon ? Math.min(every, PATIENCE) : every,
    startedAt,
  })
}

function count(memory: Memory, calls: { path: string }[], day: string): NonNullable<Memory['calls']> {
  const counts = { ...(memory.calls?.day === day ? memory.calls.counts : {}) }
  for (const { path } of calls) counts[path] = (counts[path] ?? 0) + 1
  return { day, counts }
}

/** The limit as WeChat last told it; of its use whichever is higher, WeChat's count or ours. */
function quotaOf(rows: ProbeRow[], path: string, ours: number, day: string): { limit: number; used: number } {
  const seen = rows.find((row) => row.kind === 'quota')?.memory.seen
  const limit = ((seen?.limits ?? {}) as Record<string, number>)[path] ?? USUAL_LIMIT
  const told = seen?.day === day ? (((seen?.used ?? {}) as Record<string, number>)[path] ?? 0) : 0
  return { limit, used: Math.max(told, ours) }
}

async function lastSignal(tx: Tx, accountId: string, now: Instant): Promise<Instant | null> {
  const row = await tx
    .selectFrom('dx.signals')
    .select((is) => is.fn.max('seen_at').as('at'))
    .where('account_id', '=', accountId)
    .where('seen_at', '>', before(now, HURRY_LASTS))
    .executeTakeFirst()
  return row?.at ?? null
}

/** How long a run may take before another worker may begin it again. */
export const LEASE: Duration = seconds(20)
