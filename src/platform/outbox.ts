import { sql } from 'kysely'
import { asDispatch, type Database, type Tx, withAgency } from './database.ts'
import type { Json } from './json.ts'
import { jsonb, thisAgency } from './jsonb.ts'
import { after, type Duration, type Instant, seconds } from './time.ts'

/**
 * What became of one try. `unknown`: we stopped waiting and the other side may have done it; it is never treated as failed.
 */
export type AttemptResult =
  | { result: 'done'; receipt: string; detail?: Json }
  | { result: 'refused'; retry: 'later'; afterMs: number; reason: string; detail?: Json }
  | { result: 'refused'; retry: 'never'; reason: string; detail?: Json }
  | { result: 'unknown'; reason: string; detail?: Json }

/** The last word on an effect: done, refused for good, unknown, or no longer useful. */
export type Settled = Exclude<AttemptResult, { retry: 'later' }> | { result: 'expired'; reason: string; detail?: Json }

export type Mode = 'real' | 'drill'
export type NewEffect = {
  id: string
  kind: string
  /** Idempotency key within the agency: a second effect with the same key is not added. */
  key: string
  mode: Mode
  payload: Json
  incidentId?: string
  accountId?: string
  lane?: number
  dueAt?: Instant
  usefulUntil?: Instant
  maxTries?: number
}
export type Effect = Omit<NewEffect, 'dueAt'> & { agencyId: string; tries: number }

export type EffectKind = {
  /** Whom it reaches. In a drill only staff who agreed are reached; everything else ends in the sandbox (promise 8). */
  reaches: 'staff' | 'client' | 'wechat' | 'nobody'
  /**
   * After an unknown outcome: again (harmless to repeat: a second page is cheap), look (ask the other side, then decide),
   * settle (take "unknown" as the last word: the next way is tried instead).
   */
  whenUnknown: 'again' | 'look' | 'settle'
  /** How long a claim holds before another worker may look at it. Longer than the call's own time-out. */
  lease?: Duration
  /** The last check, in the claiming transaction: a hold placed a moment ago stops it here. */
  mayGo?(
    tx: Tx,
    effect: Effect,
    now: Instant,
  ): Promise<
    { go: true } | { go: false; retry: 'never'; reason: string } | { go: false; retry: 'later'; afterMs: number; reason: string }
  >
  carry(effect: Effect): Promise<AttemptResult>
  look?(effect: Effect): Promise<AttemptResult | { result: 'not-done' }>
  /** For staff in a drill: the same payload, marked. */
  asDrill?(payload: Json): Json
  /** What follows, in the transaction that records the result. */
  settled?(tx: Tx, effect: Effect, result: Settled, now: Instant): Promise<void>
}
export type EffectKinds = Record<string, EffectKind>

/** Adds an effect in the transaction of the state it follows from. Answers false when its key is already there. */
export async function addEffect(tx: Tx, effect: NewEffect): Promise<boolean> {
  const added = await tx
    .insertInto('dx.effects')
    .values({
      agency_id: thisAgency,
      id: effect.id,
      kind: effect.kind,
      key: effect.key,
      mode: effect.mode,
      lane: effect.lane ?? 5,
      incident_id: effect.incidentId ?? null,
      account_id: effect.accountId ?? null,
      payload: jsonb(effect.payload),
      due_at: effect.dueAt ?? sql<Instant>`dx.now()`,
      useful_until: effect.usefulUntil ?? null,
      max_tries: effect.maxTries ?? 5,
    })
    .onConflict((conflict) => conflict.columns(['agency_id', 'key']).doNothing())
    .executeTakeFirst()
  return (added.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export type EffectProblem = { agencyId: string; effectId: string; kind: string; error: unknown }
type Options = { worker: string; slots: number; onProblem(problem: EffectProblem): void }

/** Carries out waiting effects, most urgent lane first. One pass; the worker calls it again. */
export async function runDueEffects(database: Database, kinds: EffectKinds, options: Options): Promise<number> {
  const queue = await asDispatch(database, async (tx) => {
    const found = await sql<{ agency_id: string; id: string; kind: string }>`select agency_id, id, kind from dx.effects
      where state in ('waiting', 'running') and due_at <= dx.now() and parked_at is null order by lane, due_at limit 100`.execute(
      tx,
    )
    return found.rows.filter((row) => kinds[row.kind])
  })
  let taken = 0
  const slot = async () => {
    for (let row = queue.shift(); row; row = queue.shift()) {
      try {
        if (await carryOut(database, kinds[row.kind]!, row.agency_id, row.id, options.worker)) taken++
      } catch (error) {
        options.onProblem({ agencyId: row.agency_id, effectId: row.id, kind: row.kind, error })
        await stepAside(database, row.agency_id, row.id, error)
      }
    }
  }
  await Promise.all(Array.from({ length: options.slots }, slot))
  return taken
}

type Claim = { effect: Effect; attempt: number; next: 'carry' | 'look' | 'finished' }

async function carryOut(database: Database, kind: EffectKind, agencyId: string, id: string, worker: string): Promise<boolean> {
  const claimed = await withAgency(database, agencyId, (tx, now) => claim(tx, now, kind, id, worker))
  if (!claimed) return false
  if (claimed.next === 'finished') return true
  const result = await attempt(kind, claimed)
  await withAgency(database, agencyId, (tx, now) => record(tx, now, kind, claimed, result))
  return true
}

/** Takes the effect and writes the attempt down before anything leaves: a crash from here on is visible. */
async function claim(tx: Tx, now: Instant, kind: EffectKind, id: string, worker: string): Promise<Claim | undefined> {
  const row = await tx
    .selectFrom('dx.effects')
    .selectAll()
    .where('id', '=', id)
    .where('state', 'in', ['waiting', 'running'])
    .where('due_at', '<=', now)
    .where('parked_at', 'is', null)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  if (!row) return undefined
  const effect: Effect = {
    agencyId: row.agency_id,
    id: row.id,
    kind: row.kind,
    key: row.key,
    mode: row.mode as Mode,
    payload: row.payload,
    lane: row.lane,
    tries: row.tries,
    maxTries: row.max_tries,
    ...(row.incident_id ? { incidentId: row.incident_id } : {}),
    ...(row.account_id ? { accountId: row.account_id } : {}),
    ...(row.useful_until ? { usefulUntil: row.useful_until } : {}),
  }
  const fellSilent = row.state === 'running'
  if (fellSilent) {
    await finishAttempt(tx, effect.id, effect.tries, now, {
      result: 'unknown',
      reason: 'the worker fell silent before it could record the answer',
    })
    if (kind.whenUnknown === 'settle') {
      await settle(tx, now, kind, effect, {
        result: 'unknown',
        reason: 'the worker fell silent before it could record the answer',
      })
      return { effect, attempt: effect.tries, next: 'finished' }
    }
  }
  const finished = (result: Settled) =>
    settle(tx, now, kind, effect, result).then((): Claim => ({ effect, attempt: effect.tries, next: 'finished' }))
  const mustLook = fellSilent && kind.whenUnknown === 'look'
  if (!mustLook) {
    if (effect.usefulUntil && effect.usefulUntil <= now)
      return finished({ result: 'expired', reason: 'its last useful moment has passed' })
    if (effect.tries >= (effect.maxTries ?? 5))
      return finished({ result: 'refused', retry: 'never', reason: 'the limit of tries is reached' })
    const go = (await kind.mayGo?.(tx, effect, now)) ?? { go: true }
    if (!go.go) {
      if (go.retry === 'never') return finished({ result: 'refused', retry: 'never', reason: go.reason })
      await tx
        .updateTable('dx.effects')
        .set({ due_at: after(now, go.afterMs), state: 'waiting' })
        .where('id', '=', id)
        .execute()
      return { effect, attempt: effect.tries, next: 'finished' }
    }
  }
  const number = effect.tries + 1
  await tx
    .updateTable('dx.effects')
    .set({ state: 'running', tries: number, worker, due_at: after(now, kind.lease ?? seconds(11)) })
    .where('id', '=', id)
    .execute()
  await tx.insertInto('dx.attempts').values({ agency_id: thisAgency, effect_id: id, number, worker, started_at: now }).execute()
  return { effect: { ...effect, tries: number }, attempt: number, next: mustLook ? 'look' : 'carry' }
}

/** The one place that knows real from drill. */
async function attempt(kind: EffectKind, { effect, next }: Claim): Promise<AttemptResult> {
  try {
    if (effect.mode === 'drill') {
      if (kind.reaches === 'staff' && kind.asDrill) return await kind.carry({ ...effect, payload: kind.asDrill(effect.payload) })
      if (kind.reaches !== 'nobody') return { result: 'done', receipt: 'sandbox', detail: { would: effect.payload } }
    }
    if (next === 'look') {
      const seen = await kind.look!(effect)
      if (seen.result !== 'not-done') return seen
      return { result: 'refused', retry: 'later', afterMs: 0, reason: 'looked: it had not been done' }
    }
    return await kind.carry(effect)
  } catch (error) {
    return { result: 'unknown', reason: error instanceof Error ? error.message : String(error) }
  }
}

async function record(tx: Tx, now: Instant, kind: EffectKind, { effect, attempt: number }: Claim, result: AttemptResult) {
  // Another worker may have looked at a claim that took too long: then its word stands, ours is kept as an attempt only.
  const mine = await tx
    .selectFrom('dx.effects')
    .select('tries')
    .where('id', '=', effect.id)
    .where('state', '=', 'running')
    .forUpdate()
    .executeTakeFirst()
  await finishAttempt(tx, effect.id, number, now, result)
  if (mine?.tries !== number) return
  const again = (afterMs: number) =>
    tx
      .updateTable('dx.effects')
      .set({ state: 'waiting', due_at: after(now, afterMs) })
      .where('id', '=', effect.id)
      .execute()
  const triesLeft = number < (effect.maxTries ?? 5)
  if (result.result === 'refused' && result.retry === 'later') {
    if (triesLeft) return void (await again(result.afterMs))
    return settle(tx, now, kind, effect, { ...result, retry: 'never' })
  }
  if (result.result === 'unknown' && kind.whenUnknown !== 'settle' && triesLeft) {
    if (kind.whenUnknown === 'again') return void (await again(Math.min(30_000, 500 * 2 ** number)))
    // Look again through the same door a crash would take: the claim lapses, the next pass looks.
    return void (await tx
      .updateTable('dx.effects')
      .set({ due_at: after(now, 500) })
      .where('id', '=', effect.id)
      .execute())
  }
  return settle(tx, now, kind, effect, result)
}

async function finishAttempt(tx: Tx, effectId: string, number: number, now: Instant, result: AttemptResult) {
  await tx
    .updateTable('dx.attempts')
    .set({ finished_at: now, result: jsonb(result) })
    .where('effect_id', '=', effectId)
    .where('number', '=', number)
    .where('finished_at', 'is', null)
    .execute()
}

async function settle(tx: Tx, now: Instant, kind: EffectKind, effect: Effect, result: Settled) {
  await tx
    .updateTable('dx.effects')
    .set({ state: result.result, result: jsonb(result), settled_at: now })
    .where('id', '=', effect.id)
    .execute()
  await kind.settled?.(tx, effect, result, now)
}

/** A row whose own bookkeeping throws steps aside with its error, so that those behind it still go out. */
async function stepAside(database: Database, agencyId: string, id: string, error: unknown) {
  const text = error instanceof Error ? error.message : String(error)
  await withAgency(database, agencyId, async (tx) => {
    await sql`update dx.effects set due_at = dx.now() + make_interval(secs => least(power(2, tries), 300)), tries = tries + 1,
      parked_at = case when tries + 1 >= max_tries + 3 then dx.now() end, result = jsonb_build_object('problem', ${text.slice(0, 500)}::text)
      where id = ${id} and state in ('waiting', 'running')`.execute(tx)
  }).catch(() => {})
}
