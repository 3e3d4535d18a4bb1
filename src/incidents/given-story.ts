import { defaultPolicies } from '../people/escalation.ts'
import type { Actor } from '../platform/access.ts'
import { done, type Outcome } from '../platform/outcome.ts'
import { after, BEIJING, clockTime, type Duration, type Instant, instant, minutes, seconds } from '../platform/time.ts'
import { loadLibrary } from '../playbooks/index.ts'
import type { Act } from './acts.ts'
import { decideAct } from './decide-act.ts'
import { followUps, type Surroundings } from './follow-ups.ts'
import { defaultPolicy, firstWordDue } from './policy.ts'
import { apply } from './replay.ts'
import type { Snapshot } from './snapshot.ts'
import type { Entry, Fact } from './timeline.ts'

// For tests only: an incident told fact by fact, without a database. What follows by itself follows here too.

export const theft = loadLibrary().bySlug('stolen')
export const threeInTheMorning = instant('2026-11-21T19:02:00Z')
type Opened = Extract<Fact, { kind: 'opened' }>
export type SignalFact = Extract<Fact, { kind: 'signal-joined' }>

const staff = (name: string, role: Actor['role']): Actor => ({ agencyId: 'yunfan', personId: name, name, role, via: 'session' })
export const zhou = staff('老周', 'duty')
export const mei = staff('Mei', 'editor')
export const wu = staff('吴桐', 'lead')

export function anOpening(changes: Partial<Opened> = {}): Opened {
  return {
    kind: 'opened',
    number: 2601,
    mode: 'real',
    accountId: 'account',
    accountName: '青禾教育',
    clientId: 'client',
    clientName: '青禾教育',
    accountMode: 'secret',
    removal: 'agreed',
    hasSpare: false,
    title: theft.title,
    severity: 'P1',
    severityRule: theft.severityRule,
    detectedAt: threeInTheMorning,
    plan: theft,
    policy: defaultPolicy('P1', defaultPolicies.P1),
    ...changes,
  }
}

let signals = 0
export const aSignal = (changes: Partial<SignalFact> = {}): SignalFact => ({
  kind: 'signal-joined',
  signalId: `signal-${++signals}`,
  signal: 'unknown-publication',
  sign: 'post',
  summary: '出现一篇不是我们安排的文章',
  ...changes,
})
export const aPost = (key = '1'): SignalFact =>
  aSignal({
    article: { key: `article:${key}`, title: `陌生文章 ${key}`, removable: true },
    summary: `出现一篇不是我们安排的文章 ${key}`,
  })
export const aMassSend = (key = '1'): SignalFact =>
  aSignal({ signal: 'unknown-mass-send', article: { key: `mass:${key}`, title: `群发 ${key}`, removable: false } })
export const aMenuDrift = (): SignalFact =>
  aSignal({ signal: 'menu-drift', sign: 'settings', summary: '菜单被改动', menuDrifted: true })
export const anAutoReplyDrift = (): SignalFact =>
  aSignal({ signal: 'auto-reply-drift', sign: 'settings', summary: '自动回复被改动', autoReplyDrifted: true })

export type Story = ReturnType<typeof aStory>

export function aStory(
  options: { opening?: Partial<Opened>; signals?: Fact[]; quiet?: { fromMinute: number; untilMinute: number } } = {},
) {
  let now = options.opening?.detectedAt ?? threeInTheMorning
  let ids = 0
  const entries: Entry[] = []
  let state: Snapshot | undefined
  const add = (by: string, facts: readonly Fact[]) => {
    for (const fact of facts) {
      const entry: Entry = { seq: entries.length + 1, at: now, by, fact }
      entries.push(entry)
      state = apply(state, entry)
    }
  }
  const follow = () => {
    for (let round = 0; ; round++) {
      if (round > 8) throw new Error('what follows by itself does not come to rest')
      const next = followUps(state!, story.surroundings())
      if (next.length === 0) return
      add('系统', next)
    }
  }
  const story = {
    get state() {
      return state!
    },
    get now() {
      return now
    },
    entries,
    surroundings: (): Surroundings => ({
      now,
      salutation: '王总',
      firstWord: firstWordDue(state!.severity, state!.detectedAt, minutes(15), options.quiet, minuteOfDay),
      record: { A: { cases: 0, worked: 0 }, B: { cases: 0, worked: 0 } },
      newId: () => `id-${++ids}`,
    }),
    say(...facts: Fact[]) {
      return story.sayAs('系统', ...facts)
    },
    sayAs(by: string, ...facts: Fact[]) {
      add(by, facts)
      follow()
      return story
    },
    pass(duration: Duration) {
      now = after(now, duration)
      return story
    },
    act(act: Act, actor: Actor = zhou): Outcome<Fact[]> {
      const facts = decideAct(state!, act, {
        actor,
        now,
        salutation: '王总',
        newId: () => `id-${++ids}`,
        personName: (id) => ({ 老周: '老周', Mei: 'Mei', 吴桐: '吴桐' })[id],
      })
      if (!facts.ok) return facts
      story.sayAs(actor.name, ...facts.value)
      return done(facts.value)
    },
    step: (key: string) => state!.steps.find((s) => s.key === key)!,
    clock: (key: string) => state!.clocks.find((c) => c.key === key)!,
    message: (kind: string) => state!.messages.find((m) => m.kind === kind)!,
    last: (kind: Fact['kind']) => entries.findLast((e) => e.fact.kind === kind),
    /** A machine did its step: what it found first, then that it is done, as the effect reports it. */
    machineDid(step: string, ...found: Fact[]) {
      return story.say(...found, { kind: 'step-done', step, receipt: 'ok' })
    },
    /** All the machine’s steps that are running come to a good end. */
    machineFinishes() {
      for (let turn = 0; turn < 10; turn++) {
        const running = state!.steps.filter((s) => s.state === 'running')
        if (running.length === 0) return story
        for (const { key } of running) {
          const live = state!.articles.filter((a) => a.removable && a.removedSeq === undefined && !a.explained)
          if (key === 'remove-articles')
            story.machineDid(
              key,
              ...live.map((a): Fact => ({ kind: 'article-removed', key: a.key, title: a.title, how: 'machine' })),
            )
          else if (key === 'restore-menu') story.machineDid(key, { kind: 'menu-restored', degraded: [] })
          else if (key === 'check-auto-reply')
            story.machineDid(key, { kind: 'auto-reply-checked', drifted: state!.autoReply === 'drifted' })
          else story.machineDid(key)
        }
      }
      throw new Error('the machine’s steps do not come to an end')
    },
    prove(step: string) {
      for (const proof of theft.steps.find((s) => s.key === step)!.proof)
        if (proof.kind === 'picture')
          story.say({
            kind: 'evidence-added',
            itemId: `e-${step}-${proof.key}`,
            name: '图.png',
            hash: 'h',
            source: '手机上传',
            step,
            proof: proof.key,
          })
      return story
    },
  }
  add('系统', [
    anOpening(options.opening),
    ...(options.signals ?? [aPost()]),
    { kind: 'hold-placed', holdId: 'hold-1', publications: 2 },
    { kind: 'step-done', step: 'hold', receipt: '暂停 2 条' },
  ])
  now = after(now, seconds(1))
  follow()
  return story
}

/** Two independent signs from the start: a strange post and a changed menu. */
export const aTheft = (opening: Partial<Opened> = {}): Story => aStory({ opening, signals: [aPost(), aMenuDrift()] })

function minuteOfDay(at: Instant): number {
  const [hour, minute] = clockTime(at, BEIJING).split(':')
  return Number(hour) * 60 + Number(minute)
}
