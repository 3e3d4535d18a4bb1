import { describe, expect, test } from 'vitest'
import type { Account } from '../accounts/index.ts'
import { days, type Instant, instant, minutes, after as plus, seconds } from '../platform/time.ts'
import type { WeChatProblem } from '../wechat/index.ts'
import { judgeDrift, linksIn } from './drift.ts'
import { judgeArticle, judgeProblem, judgeReport, type OurPublication } from './judge.ts'
import type { SeenArticle } from './probe-calls.ts'
import { HURRY_LASTS, type Pace, pause, plannedProbes, USUAL_LIMIT } from './probes.ts'
import { judgeQuota } from './quota-ledger.ts'

const three = instant('2026-03-01T03:00:00+08:00')
const anAccount = (more: Partial<Account> = {}): Account => ({
  id: 'a',
  agencyId: 'yunfan',
  clientId: 'c',
  name: '品牌',
  appid: 'wx1',
  userName: null,
  kind: 'SUB',
  verified: true,
  mode: 'secret',
  baseUrl: 'https://api.weixin.qq.com',
  reception: 'poll',
  relayUrl: null,
  abilities: { calls: { publish: 'yes', drafts: 'yes', menu: 'yes' } },
  standing: 'normal',
  authorised: true,
  personA: null,
  personB: null,
  custodians: [],
  spareAccountId: null,
  removalAgreement: null,
  outsiders: [],
  connectedAt: instant('2026-01-01T00:00:00Z'),
  disconnectedAt: null,
  ...more,
})
const anArticle = (more: Partial<SeenArticle> = {}): SeenArticle => ({
  articleId: 'x',
  title: '广告',
  url: null,
  updatedAt: three,
  isDeleted: false,
  ...more,
})
const ours = (more: Partial<OurPublication> = {}): OurPublication => ({
  id: 'p',
  title: '春季上新',
  state: 'confirming',
  publishId: null,
  msgId: null,
  articleId: null,
  ...more,
})

describe('how often we ask', () => {
  const peace: Pace = {
    kind: 'published-articles',
    callsPerRun: 1,
    quota: { limit: USUAL_LIMIT, used: 0 },
    lastSignalAt: null,
    fails: 0,
    now: three,
  }

  test('in peace half of the day’s quota is never exceeded, and never faster than every three seconds', () => {
    for (const limit of [1, 100, 5_000, 50_000, 1_000_000])
      for (const callsPerRun of [1, 2, 5]) {
        const every = pause({ ...peace, callsPerRun, quota: { limit, used: 0 } })
        expect(every).toBeGreaterThanOrEqual(seconds(3))
        if (limit > 1) expect((days(1) / every) * callsPerRun).toBeLessThanOrEqual(limit / 2)
      }
    expect(pause(peace)).toBe(3456)
  })

  test('for ten minutes after a sign every two seconds, then in peace again', () => {
    expect(pause({ ...peace, lastSignalAt: three })).toBe(seconds(2))
    expect(pause({ ...peace, lastSignalAt: three, now: plus(three, HURRY_LASTS) })).toBe(3456)
  })

  test('hurry spends what is left of the quota and no more', () => {
    const every = pause({ ...peace, lastSignalAt: three, quota: { limit: 50_000, used: 49_700 } })
    expect(HURRY_LASTS / every).toBeLessThanOrEqual(300)
    expect(pause({ ...peace, lastSignalAt: three, quota: { limit: 50_000, used: 50_000 } })).toBe(3456)
  })

  test('a WeChat that does not answer is asked ever more slowly, at least once a minute', () => {
    const waits = [1, 3, 6, 50].map((fails) => pause({ ...peace, fails }))
    expect(waits).toEqual([3456, 8000, 60_000, 60_000])
  })

  test('an account is asked only what it may answer', () => {
    expect(plannedProbes(anAccount())).toEqual(['published-articles', 'menu', 'auto-reply', 'article-gone', 'drafts', 'quota'])
    expect(plannedProbes(anAccount({ abilities: { calls: {} } }))).toEqual(['menu', 'auto-reply', 'quota'])
    expect(plannedProbes(anAccount({ mode: 'component' }))).toContain('standing')
  })
})

describe('whose is it', () => {
  const judging = (more: { account?: Account; ours?: OurPublication[]; now?: Instant } = {}) => ({
    account: anAccount(),
    ours: [],
    zone: 'Asia/Shanghai',
    now: three,
    ...more,
  })

  test.each([
    ['an article with our id is ours', anArticle({ articleId: 'mine' }), [ours({ articleId: 'mine' })], 'ours'],
    ['one with the title of what we are sending may be ours: wait', anArticle({ title: '春季上新' }), [ours()], 'wait'],
    [
      'the same title is no excuse once ours knows its article',
      anArticle({ title: '春季上新' }),
      [ours({ articleId: 'mine' })],
      'unknown',
    ],
    [
      'one older than our connection was there before us',
      anArticle({ updatedAt: instant('2025-12-01T00:00:00Z') }),
      [],
      'before-us',
    ],
    ['anything else is unknown', anArticle(), [ours()], 'unknown'],
  ])('%s', (_, article, publications, is) => {
    expect(judgeArticle(article, judging({ ours: publications })).is).toBe(is)
  })

  test('a registered outsider’s window excuses, also past midnight, and only on its days', () => {
    const night = { name: '夜班', kind: 'person' as const, days: [6], fromMinute: 22 * 60, untilMinute: 4 * 60 }
    const at = (moment: string) =>
      judgeArticle(anArticle({ updatedAt: instant(moment) }), judging({ account: anAccount({ outsiders: [night] }) })).is

    expect(at('2026-02-28T23:00:00+08:00')).toBe('outsider')
    expect(at('2026-03-01T03:59:00+08:00')).toBe('outsider')
    expect(at('2026-03-01T04:00:00+08:00')).toBe('unknown')
    expect(at('2026-03-01T23:00:00+08:00')).toBe('unknown')
    expect(at('2026-02-28T03:00:00+08:00')).toBe('unknown')
  })

  test('an unmatched report waits only while a call of ours has no answer, and ten seconds at most', () => {
    const report = (publication: OurPublication[], waited: number) =>
      judgeReport({ msgId: '1' }, three, three, judging({ ours: publication, now: plus(three, waited) }))

    expect(report([ours({ state: 'submitting' })], 0).is).toBe('wait')
    expect(report([ours({ state: 'submitting' })], seconds(10))).toEqual({ is: 'unknown', maybeOurs: ['p'] })
    expect(report([ours({ state: 'confirming', publishId: '7' })], 0)).toEqual({ is: 'unknown', maybeOurs: [] })
    expect(report([ours({ state: 'confirming', msgId: '1' })], 0).is).toBe('ours')
  })
})

describe('what a refusal says about the account', () => {
  const problem = (code: number | null, name: WeChatProblem['class']): WeChatProblem => ({
    class: name,
    code,
    message: '',
    what: '/x',
    outcome: 'not-executed',
    rid: null,
    errmsg: null,
  })

  test.each([
    [61003, 'permission', 'authorisation-withdrawn'],
    [50002, 'policy', 'standing-changed'],
    [40243, 'config', 'token-killed'],
    [40164, 'config', 'token-killed'],
    [45009, 'quota', undefined],
    [48001, 'permission', undefined],
    [null, 'retry', undefined],
  ] as const)('%s (%s) → %s', (code, name, kind) => {
    expect(judgeProblem(problem(code, name), anAccount(), three)?.signal.kind).toBe(kind)
  })
})

describe('drift', () => {
  const seen = {
    hash: 'thief',
    content: { button: [{ name: '领奖', url: 'https://evil.example/a' }] },
    baseline: { button: [{ name: '官网', url: 'https://brand.example/' }] },
  }

  test('the first sight is a signal with the links that came and went', () => {
    const { signal, drift } = judgeDrift('menu', { drift: null, isNormal: false }, seen, three)
    expect(signal?.facts).toMatchObject({
      newLinks: ['https://evil.example/a'],
      lostLinks: ['https://brand.example/'],
      names: ['领奖'],
    })
    expect(drift).toEqual({ hash: 'thief', since: three })
  })

  test('the same drift is not told again; the same thief a second time is', () => {
    const known = { hash: 'thief', since: three }
    expect(judgeDrift('menu', { drift: known, isNormal: false }, seen, plus(three, minutes(1))).signal).toBe(null)
    const back = judgeDrift('menu', { drift: known, isNormal: true }, seen, plus(three, minutes(1)))
    expect(back).toEqual({ drift: null, signal: null })
    const first = judgeDrift('menu', { drift: null, isNormal: false }, seen, three).signal
    const second = judgeDrift('menu', { drift: back.drift, isNormal: false }, seen, plus(three, minutes(2))).signal
    expect(second?.dedupeKey).not.toBe(first?.dedupeKey)
  })

  test('links are found wherever they stand, also in the middle of a text', () => {
    expect(linksIn({ a: [{ content: '加我 https://evil.example/x，快来' }, 'http://b.example'] })).toEqual([
      'https://evil.example/x',
      'http://b.example',
    ])
  })
})

describe('quota beyond our ledger', () => {
  const path = '/cgi-bin/menu/create'
  const later = { firstDay: false, explained: null }
  const uses = (used: number) => [{ path, limit: 1000, used }]

  test('calls nobody of us made are a signal when they are seen twice', () => {
    const first = judgeQuota(uses(3), { [path]: 2 }, null, '2026-03-01', later)
    expect(first.signals).toEqual([])
    const second = judgeQuota(uses(3), { [path]: 2 }, first.excess, '2026-03-01', later)
    expect(second.signals).toMatchObject([{ facts: { used: 3, ours: 2, beyond: 1 } }])
    expect(judgeQuota(uses(3), { [path]: 2 }, second.excess, '2026-03-01', later).signals).toEqual([])
  })

  test('a call of ours that was counted before it was written down is none', () => {
    const first = judgeQuota(uses(1), {}, null, '2026-03-01', later)
    expect(judgeQuota(uses(1), { [path]: 1 }, first.excess, '2026-03-01', later).signals).toEqual([])
  })

  test('what was used before us on the day we connected is not news, what comes after it is', () => {
    const start = judgeQuota(uses(40), {}, null, '2026-03-01', { firstDay: true, explained: null })
    const more = judgeQuota(uses(41), {}, start.excess, '2026-03-01', { firstDay: true, explained: null })
    expect(judgeQuota(uses(41), {}, more.excess, '2026-03-01', { firstDay: true, explained: null }).signals).toHaveLength(1)
  })

  test('a registered system in its hours explains its own calls', () => {
    const first = judgeQuota(uses(5), {}, null, '2026-03-01', { firstDay: false, explained: '商城' })
    expect(judgeQuota(uses(5), {}, first.excess, '2026-03-01', { firstDay: false, explained: '商城' }).signals).toEqual([])
  })
})
