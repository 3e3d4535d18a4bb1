import { sql } from 'kysely'
import { rosterAt } from '../people/escalation-settings.ts'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import { addEffect } from '../platform/outbox.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { after, elapsed, hours, type Instant, minutes } from '../platform/time.ts'
import { type PlacedHold, placeHold } from '../publishing/index.ts'
import { doneSentences } from './client-words.ts'
import { change, type Said } from './commands.ts'
import { callHelp } from './ladder.ts'
import type { Link } from './links.ts'
import { isSomethingLive } from './replay.ts'
import type { Snapshot } from './snapshot.ts'
import type { Fact, PlanKey } from './timeline.ts'
import type { PortalView } from './view.ts'

export type Device = { hash: string; knownUntil?: Instant }

/** What the client sees: facts in their words, what is done, the choice, our promises. Reads only. */
export async function portalView(app: App, link: Link, device: Device): Promise<PortalView | undefined> {
  return withAgency(app.database, link.agencyId, async (tx, now) => {
    const row = await tx
      .selectFrom('dx.incidents')
      .select(['snapshot'])
      .where('id', '=', link.incidentId)
      .where('client_id', '=', link.clientId ?? '')
      .executeTakeFirst()
    const client = await tx
      .selectFrom('dx.clients')
      .selectAll()
      .where('id', '=', link.clientId ?? '')
      .executeTakeFirst()
    if (!row || !client) return undefined
    const state = row.snapshot as unknown as Snapshot
    const agency = await tx.selectFrom('dx.agencies').select('name').executeTakeFirstOrThrow()
    const last = await tx
      .selectFrom('dx.timeline')
      .select('at')
      .where('incident_id', '=', link.incidentId)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    const sent = state.messages.filter((m) => m.state === 'sent' || (m.state === 'sending' && m.ways.length > 0))
    const newest = sent.at(-1)
    const plans = sent.findLast((m) => m.kind === 'plans')
    const waiting = await tx
      .selectFrom('dx.portal_codes')
      .select('id')
      .where('incident_id', '=', link.incidentId)
      .where('device_hash', '=', device.hash)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .where('tries', '<', 5)
      .executeTakeFirst()
    const known = device.knownUntil !== undefined && device.knownUntil > now
    const call = await whomToCall(tx, state, now)
    return {
      agencyName: agency.name,
      agencyInitial: agency.name.slice(0, 1),
      clientName: client.name,
      accountName: state.accountName,
      serverNow: now,
      ...(call ? { call } : {}),
      statusWord: statusWord(state),
      updatedAt: last.at,
      headline: headline(state),
      sentences: newest
        ? newest.text.split(/(?<=。)/).filter(Boolean)
        : [`${state.certainty === 'confirmed' ? state.plan.words.happened : state.plan.words.verifying}。`],
      ...(state.nextUpdateAt && !state.restoredAt ? { nextUpdateAt: state.nextUpdateAt } : {}),
      done: whatIsDone(state),
      ...(plans?.plans ? { plans: plans.plans, planText: plans.text, revision: plans.revision } : {}),
      ...(state.choice ? { choice: { plan: state.choice.plan, at: state.choice.at, byDefault: state.choice.byDefault } } : {}),
      ...(plans?.chooseUntil ? { chooseUntil: plans.chooseUntil } : {}),
      promises: promisesOf(state),
      identity: {
        salutation: client.salutation,
        lastDigits: client.phone?.slice(-4) ?? '',
        stage: known ? 'known' : waiting ? 'code' : 'digits',
      },
      mayStop: !state.closedAt,
      expiresAt: link.expiresAt,
    }
  })
}

function statusWord(state: Snapshot): PortalView['statusWord'] {
  if (state.restoredAt) return '已恢复'
  if (state.certainty === 'single-sign') return '正在核实'
  if (isContained(state)) return state.choice ? '正在恢复' : '已控制住'
  return state.acknowledgedAt ? '正在控制' : '已发现'
}

/** What was controlled once is not controlled while something strange is live again. */
const isContained = (state: Snapshot) => Boolean(state.containedAt) && !isSomethingLive(state)

function headline(state: Snapshot): string {
  if (state.certainty === 'false-alarm') return '已核实，是自己人的操作，公众号没有异常'
  if (state.restoredAt) return '公众号已恢复正常'
  if (state.certainty === 'single-sign') return '公众号有一处改动，正在核实'
  return isContained(state) ? '公众号出现异常内容，已控制住' : '公众号出现异常内容，正在处理'
}

function whatIsDone(state: Snapshot): { title: string; at: Instant }[] {
  const { sentences, facts } = doneSentences(state)
  const at = new Map(
    state.steps.flatMap((s) =>
      s.doneAt && state.doneSeq[s.key] !== undefined ? [[state.doneSeq[s.key]!, s.doneAt] as const] : [],
    ),
  )
  return sentences.flatMap((sentence, i) => {
    const moment =
      at.get(facts[i]!) ??
      state.steps.find((s) => state.plan.steps.find((p) => p.key === s.key)?.effect === 'remove-articles')?.doneAt
    return moment ? [{ title: sentence.replace(/^已/, ''), at: moment }] : []
  })
}

function promisesOf(state: Snapshot): PortalView['promises'] {
  return state.plan.clocks
    .filter((clock) => clock.promise)
    .map((clock) => {
      const status = state.clocks.find((c) => c.key === clock.key)!
      const words: Record<string, string> = { contain: '内控制影响', 'first-word': '内告知您', plans: '内给出方案' }
      const title = `${clock.within.replace('m', ' 分钟')}${words[clock.key] ?? clock.title}`
      return {
        title,
        state: status.metAt ? 'met' : status.missedAt ? 'missed' : 'running',
        dueAt: status.dueAt,
        ...(status.metAt ? { tookMinutes: Math.max(1, Math.ceil(elapsed(state.detectedAt, status.metAt) / minutes(1))) } : {}),
      } as const
    })
}

async function whomToCall(tx: Tx, state: Snapshot, now: Instant): Promise<{ name: string; phone: string } | undefined> {
  const wanted = state.commander?.id ?? (await rosterAt(tx, now)).first?.id
  if (!wanted) return undefined
  const person = await tx.selectFrom('dx.people').select(['name', 'phone']).where('id', '=', wanted).executeTakeFirst()
  return person?.phone ? { name: person.name, phone: person.phone } : undefined
}

// ---- Acts of the client ---------------------------------------------------------------------------------------------

const CODE_MINUTES = 10

/** First act on a device: the last four digits of the known number, then a code to that number. */
export async function askForCode(app: App, link: Link, device: Device, digits: string): Promise<Outcome<null>> {
  return withAgency(app.database, link.agencyId, async (tx, now) => {
    const client = await tx
      .selectFrom('dx.clients')
      .select(['id', 'phone', 'ways'])
      .where('id', '=', link.clientId ?? '')
      .executeTakeFirst()
    if (!client?.phone) return refused('没有登记可以收验证码的手机号，请直接打电话给我们。')
    const recent = await tx
      .selectFrom('dx.portal_codes')
      .select('id')
      .where('incident_id', '=', link.incidentId)
      .where('expires_at', '>', now)
      .execute()
    const wrong = await tx
      .selectFrom('dx.audit')
      .select('id')
      .where('what', '=', 'wrong-digits')
      .where('at', '>', after(now, -minutes(CODE_MINUTES)))
      .where(sql<boolean>`detail ->> 'incidentId' = ${link.incidentId}`)
      .execute()
    // Four digits are tried through in an evening; the phone of the client would pay for it with SMS.
    if (recent.length >= 5 || wrong.length >= 10) return refused('验证码发得太频繁，请十分钟后再试，或直接打电话给我们。')
    if (digits.trim() !== client.phone.slice(-4)) {
      await tx
        .insertInto('dx.audit')
        .values({ agency_id: thisAgency, who: 'portal', what: 'wrong-digits', detail: jsonb({ incidentId: link.incidentId }) })
        .execute()
      return refused('尾号不对，没有发出验证码。请核对登记的手机号，或直接打电话给我们。')
    }
    const channel = await tx
      .selectFrom('dx.channel_settings')
      .select('kind')
      .where('kind', 'in', ['sms-aliyun', 'sms-tencent'])
      .where('enabled', '=', true)
      .orderBy('kind')
      .executeTakeFirst()
    if (!channel) return refused('短信渠道没有开通，请直接打电话给我们。')
    const digitsOfCode = String(
      Number.parseInt(Buffer.from(app.randomText(8), 'base64url').toString('hex').slice(0, 12), 16) % 1_000_000,
    ).padStart(6, '0')
    const id = app.newId()
    await tx
      .insertInto('dx.portal_codes')
      .values({
        agency_id: thisAgency,
        id,
        incident_id: link.incidentId,
        client_id: client.id,
        device_hash: device.hash,
        code_hash: app.secrets.digest(`code:${id}:${digitsOfCode}`),
        expires_at: after(now, minutes(CODE_MINUTES)),
      })
      .execute()
    await addEffect(tx, {
      id: app.newId(),
      kind: 'code',
      key: `code:${id}`,
      mode: 'real',
      lane: 1,
      incidentId: link.incidentId,
      payload: {
        to: client.phone,
        channelKind: channel.kind,
        sealed: app.secrets.seal(digitsOfCode).toString('base64'),
        minutesLeft: CODE_MINUTES,
      },
      usefulUntil: after(now, minutes(2)),
      maxTries: 2,
    })
    return done(null)
  })
}

export const knownFor = hours(12)

/** Checks the code; on success the device is known for twelve hours. */
export async function checkCode(app: App, link: Link, device: Device, code: string): Promise<Outcome<{ knownUntil: Instant }>> {
  return withAgency(app.database, link.agencyId, async (tx, now) => {
    const rows = await tx
      .selectFrom('dx.portal_codes')
      .selectAll()
      .where('incident_id', '=', link.incidentId)
      .where('device_hash', '=', device.hash)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .where('tries', '<', 5)
      .forUpdate()
      .execute()
    const right = rows.find((row) => row.code_hash === app.secrets.digest(`code:${row.id}:${code.trim()}`))
    if (!right) {
      for (const row of rows)
        await tx
          .updateTable('dx.portal_codes')
          .set({ tries: row.tries + 1 })
          .where('id', '=', row.id)
          .execute()
      return refused(rows.length > 0 ? '验证码不对，请再看一眼短信。' : '验证码已失效，请重新获取。')
    }
    await tx.updateTable('dx.portal_codes').set({ used_at: now }).where('id', '=', right.id).execute()
    return done({ knownUntil: after(now, knownFor) })
  })
}

export type ClientPress = { press: string } & (
  | { do: 'choose'; plan: PlanKey; revision: number }
  | { do: 'say'; words: string }
  | { do: 'stop' }
  | { do: 'seen' }
)

/** A client's press, once per key. Choosing, speaking and stopping ask for a known device; having seen it does not. */
export async function clientAct(app: App, link: Link, device: Device, press: ClientPress): Promise<Outcome<null>> {
  return withAgency(app.database, link.agencyId, async (tx, now) => {
    if (press.do !== 'seen' && !(device.knownUntil && device.knownUntil > now)) return refused('请先用手机尾号和验证码确认身份。')
    const key = `${link.incidentId}:client:${press.press}`
    const fresh = await tx
      .insertInto('dx.presses')
      .values({ agency_id: thisAgency, key, answer: jsonb({ ok: true }) })
      .onConflict((c) => c.doNothing())
      .returning('key')
      .executeTakeFirst()
    if (!fresh) return done(null)
    const client = await tx
      .selectFrom('dx.clients')
      .select(['id', 'salutation', 'phone'])
      .where('id', '=', link.clientId ?? '')
      .executeTakeFirstOrThrow()
    const who = `客户 ${client.salutation}${client.phone ? `（尾号 ${client.phone.slice(-4)}）` : ''}`
    const hold =
      press.do === 'stop'
        ? await placeHold(
            tx,
            app,
            { scope: 'client', scopeId: client.id, reason: '客户按下紧急停发', by: who, incidentId: link.incidentId },
            now,
          )
        : undefined
    const changed = await change(app, tx, now, link.incidentId, ({ state }) => decideClientPress(state, press, who, now, hold))
    if (!changed.ok) {
      await tx.deleteFrom('dx.presses').where('key', '=', key).execute()
      return changed
    }
    if (press.do !== 'seen' && changed.value.entries.length > 0)
      await callHelp(app, tx, now, changed.value.incident, ['account-manager'])
    return done(null)
  })
}

function decideClientPress(state: Snapshot, press: ClientPress, who: string, now: Instant, hold?: PlacedHold): Outcome<Said[]> {
  const say = (...facts: Fact[]) => done(facts.map((fact) => ({ by: who, fact })))
  switch (press.do) {
    case 'seen':
      return say(
        ...state.messages
          .filter((m) => m.state === 'sent' && !m.readAt)
          .map((m): Fact => ({ kind: 'message-read', messageId: m.id, message: m.kind })),
      )
    case 'say':
      return press.words.trim()
        ? say({ kind: 'client-said', who, words: press.words.trim().slice(0, 1000) })
        : refused('写几个字再发。')
    case 'stop':
      // Written down with its id: what was stopped here must be liftable here, by name.
      return say(
        { kind: 'client-stopped', who },
        ...(hold
          ? [{ kind: 'hold-placed', holdId: hold.id, publications: hold.publications, byClient: true } satisfies Fact]
          : []),
      )
    case 'choose': {
      const plans = state.messages.findLast((m) => m.kind === 'plans')
      if (plans?.state !== 'sent') return refused('两个方案还没有发给您，请稍等。')
      if (plans.revision !== press.revision) return refused('方案内容刚刚更新了，请看一眼再选。')
      if (state.restoredAt) return refused('事情已经处理完，不用再选了。')
      if (state.choice && !state.choice.byDefault && elapsed(state.choice.at, now) > minutes(30))
        return refused('已按您之前的选择在做，想改请直接打电话给我们。')
      return say({ kind: 'plan-chosen', plan: press.plan, who, revision: press.revision, byDefault: false })
    }
  }
}
