import { nightOf } from '../people/escalation-settings.ts'
import { isNight, quietFor } from '../people/quiet-hours.ts'
import type { App } from '../platform/app.ts'
import type { Tx } from '../platform/database.ts'
import { arm, type DeadlineHandler, type DeadlineHandlers, type Due } from '../platform/deadlines.ts'
import { done } from '../platform/outcome.ts'
import { after, type Instant, minutes } from '../platform/time.ts'
import type { Library } from '../playbooks/index.ts'
import { startNext, startWays } from './client-ways.ts'
import { change, openOrJoin, type Said, SYSTEM } from './commands.ts'
import { release } from './decide-act.ts'
import { followUps, type Surroundings } from './follow-ups.ts'
import { callHelp, sendPage, startLadder } from './ladder.ts'
import { signalFact } from './signals.ts'
import type { MessageStatus, Snapshot } from './snapshot.ts'
import type { Incident } from './store.ts'
import { loadSurroundings } from './surroundings.ts'
import type { Fact } from './timeline.ts'

const late = (run: DeadlineHandler['run']): DeadlineHandler => ({ misfire: 'run-once', run })
const system = (facts: readonly Fact[]): Said[] => facts.map((fact) => ({ by: SYSTEM, fact }))
const idOf = (due: Due) => due.subjectId.split(':')[0]!
const partOf = (due: Due, index = 1) => due.subjectId.split(':')[index]!

/** What to do when something of an incident falls due. Each reads the incident again and trusts nothing but it. */
export function incidentDeadlines(app: App, library: Library): DeadlineHandlers {
  const say = async (due: Due, decide: (incident: Incident) => readonly Fact[] | Promise<readonly Fact[]>) => {
    await change(app, due.tx, due.now, idOf(due), async (incident) => done(system(await decide(incident))))
  }
  return {
    'signal-raised': late((due) => onSignal(app, library, due)),

    'incident-clock': late((due) =>
      say(due, ({ state }) => {
        const clock = state.clocks.find((c) => c.key === partOf(due))
        return clock && !clock.metAt && !clock.missedAt && clock.dueAt <= due.now
          ? [{ kind: 'clock-missed', clock: clock.key }]
          : []
      }),
    ),

    page: late(async (due) => {
      const [incidentId, round, hop, personId, channel] = due.subjectId.split(':') as [string, string, string, string, string]
      const page = await due.tx
        .selectFrom('dx.pages')
        .selectAll()
        .where('incident_id', '=', incidentId)
        .where('round', '=', Number(round))
        .where('hop', '=', Number(hop))
        .where('person_id', '=', personId)
        .where('channel', '=', channel)
        .executeTakeFirst()
      const person = await due.tx.selectFrom('dx.people').select('name').where('id', '=', personId).executeTakeFirst()
      if (!page || !person || page.sent_at) return
      const night = await nightOf(due.tx)
      const changed = await change(app, due.tx, due.now, incidentId, (incident) => {
        if (isInHands(incident, due.now) || incident.state.restoredAt) return done([])
        // Planned when it was urgent; a level lowered since lets people sleep, and the ladder of the morning asks them.
        const quiet = quietFor(incident.state.severity, night)
        if (quiet && isNight(due.now, quiet)) return done([])
        return done(
          system([{ kind: 'paged', round: Number(round), hop: Number(hop), personId, person: person.name, way: channel }]),
        )
      })
      if (!changed.ok || changed.value.entries.length === 0) return
      const fallback = page.detail ? (JSON.parse(page.detail) as { channelKind: string; to: string }) : undefined
      await sendPage(
        app,
        due.tx,
        changed.value.incident,
        {
          incidentId,
          round: Number(round),
          hop: Number(hop),
          personId,
          way: channel,
          channelKind: channel,
          to: page.sent_to,
          purpose: 'take-over',
          ...(fallback ? { fallback } : {}),
        },
        after(due.now, minutes(10)),
      )
    }),

    'ladder-end': late((due) =>
      say(due, (incident) => {
        const round = Number(partOf(due))
        if (isInHands(incident, due.now) || incident.state.restoredAt || incident.state.ladderRound > round) return []
        return [{ kind: 'ladder-exhausted', round, reason: '所有人都通知过了，还没有人接手' }]
      }),
    ),

    lease: late((due) =>
      say(due, ({ state }) => {
        if (!state.commander || !state.leaseUntil || state.leaseUntil > due.now) return []
        return [{ kind: 'lease-lapsed', personId: state.commander.id, person: state.commander.name }]
      }),
    ),

    silence: late(async (due) => {
      const changed = await change(app, due.tx, due.now, idOf(due), ({ state }) => {
        const asking = state.steps.find((s) => s.key === 'ask-person')
        if (state.certainty !== 'single-sign' || asking?.state !== 'ready') return done([])
        return done(
          system([
            {
              kind: 'note',
              text: '三分钟内没有人回答“是不是您发的”，按可疑继续：待发内容保持暂停，不自动删除，已请负责人一起核实',
            },
          ]),
        )
      })
      if (changed.ok && changed.value.entries.length > 0) await callHelp(app, due.tx, due.now, changed.value.incident, ['lead'])
    }),

    'message-auto': late((due) =>
      say(due, async ({ state }) => {
        const m = state.messages.find((x) => x.id === partOf(due))
        if (m?.state !== 'draft' || !m.autoAt || m.autoAt > due.now) return []
        return goByItself(state, m, await loadSurroundings(due.tx, app, state, due.now))
      }),
    ),

    'message-leaves': late((due) =>
      say(due, (incident) => {
        const m = incident.state.messages.find((x) => x.id === partOf(due))
        if (m?.state !== 'sending' || m.ways.length > 0 || !m.leavesAt || m.leavesAt > due.now) return []
        return startWays(app, due.tx, due.now, incident, m)
      }),
    ),

    'message-by-hand': late((due) =>
      say(due, async (incident) => {
        const m = incident.state.messages.find((x) => x.id === partOf(due))
        if (m?.state !== 'waiting-for-hand') return []
        await due.tx
          .updateTable('dx.message_ways')
          .set({ state: 'unknown', settled_at: due.now, detail: '没有人确认已发' })
          .where('message_id', '=', m.id)
          .where('state', '=', 'asked')
          .execute()
        const way: Fact = {
          kind: 'message-way',
          messageId: m.id,
          message: m.kind,
          way: 'account-manager',
          result: 'unknown',
          detail: '没有人在时限内确认已发',
        }
        return [way, ...(await startNext(app, due.tx, due.now, incident, m))]
      }),
    ),

    'choose-until': late((due) =>
      say(due, ({ state }) => {
        const m = state.messages.find((x) => x.id === partOf(due))
        if (state.choice || state.restoredAt || !m?.chooseUntil || m.chooseUntil > due.now) return []
        return [{ kind: 'plan-chosen', plan: 'A', who: '（到时未回复）', revision: m.revision, byDefault: true }]
      }),
    ),

    sweep: late((due) =>
      say(due, ({ state }) => {
        const step = state.steps.find((s) => s.key === 'sweep')
        return step?.state === 'ready' ? [{ kind: 'step-started', step: 'sweep', round: step.round }] : []
      }),
    ),

    'next-update': late(async (due) => {
      const changed = await change(app, due.tx, due.now, idOf(due), ({ state }) => {
        const isOver = state.restoredAt && !(state.certainty === 'false-alarm' && state.state === 'restored')
        if (!state.nextUpdateAt || state.nextUpdateAt > due.now || isOver) return done([])
        return done(system([{ kind: 'update-missed' }]))
      })
      if (changed.ok && changed.value.entries.length > 0)
        await callHelp(app, due.tx, due.now, changed.value.incident, ['account-manager', 'lead'])
    }),

    'watch-ends': {
      misfire: 'coalesce',
      run: (due) =>
        say(due, ({ state }) =>
          state.state === 'watching' ? [{ kind: 'note', text: '观察期满 24 小时，没有新的异常，可以复盘' }] : [],
        ),
    },

    /** Somebody pressed a person-reaching card, key or replied: see acknowledge-from-channel. */
    'climb-again': late((due) => restart(app, due.tx, due.now, idOf(due))),
  }
}

/**
 * The agency's minute has come. A person's own words go if they pass the check, else the words we would have written, brought up to
 * this moment: after an outage the time named in an old draft lies in the past, and the client must hear all the same (promise 4).
 */
function goByItself(state: Snapshot, m: MessageStatus, around: Surroundings): Fact[] {
  const own = m.editedBy ? release(state, m, m.text, around.now, true) : undefined
  if (own?.ok) return own.value
  const { editedBy: _, ...untouched } = m
  const asIfUntouched = { ...state, messages: state.messages.map((x) => (x.id === m.id ? untouched : x)) }
  const fresh = followUps(asIfUntouched, around).find((f) => f.kind === 'message-drafted' && f.messageId === m.id)
  const current =
    fresh?.kind === 'message-drafted' ? { ...m, text: fresh.text, nextUpdateAt: fresh.nextUpdateAt, revision: fresh.revision } : m
  const released = release(state, current, current.text, around.now, true)
  if (!released.ok) return [{ kind: 'message-failed', messageId: m.id, message: m.kind, reason: released.reason }]
  const why: Fact[] = own ? [{ kind: 'note', text: `改过的内容不能发（${own.reason}），到时改发系统拟的内容` }] : []
  return [...why, ...(fresh ? [fresh] : []), ...released.value]
}

/** Acknowledged and the lease still holds: then nobody else is woken. */
const isInHands = ({ state }: Incident, now: Instant) => Boolean(state.commander && state.leaseUntil && state.leaseUntil > now)

async function restart(app: App, tx: Tx, now: Instant, incidentId: string) {
  await change(app, tx, now, incidentId, async (incident) => {
    if (!isInHands(incident, now)) await startLadder(tx, now, incident, incident.state.ladderRound + 1)
    return done([])
  })
}

/** A signal falls into the open incident of its account, or opens one. */
async function onSignal(app: App, library: Library, due: Due) {
  const row = await due.tx.selectFrom('dx.signals').selectAll().where('id', '=', due.subjectId).executeTakeFirst()
  if (!row || row.incident_id) return
  const fact = signalFact(row)
  const playbook = library.forSignal(fact.signal)
  if (!playbook) {
    // Promise 2: nothing is dropped in silence. Without a plan a person must look.
    await due.tx.updateTable('dx.signals').set({ judged: 'no-playbook' }).where('id', '=', row.id).execute()
    return
  }
  const { incident } = await openOrJoin(app, due.tx, due.now, library, {
    accountId: row.account_id,
    playbook: playbook.slug,
    detectedAt: row.seen_at,
    by: SYSTEM,
    signal: fact,
  })
  await due.tx.updateTable('dx.signals').set({ incident_id: incident.id }).where('id', '=', row.id).execute()
  await arm(due.tx, 'look-closer', row.account_id, due.now, 1)
}
