import { z } from 'zod'
import { parseDuration } from '../platform/time.ts'

/**
 * The shape of playbooks/<slug>/playbook.yaml. Everything is closed: an unknown word is an error with its place, because a
 * plan that is half understood at three in the morning is worse than none.
 */
const words = z.string().trim().min(1)
const slug = z.string().regex(/^[a-z][a-z0-9-]*$/, '小写英文、数字和连字符')
const duration = words.refine((text) => {
  try {
    return parseDuration(text) >= 0
  } catch {
    return false
  }
}, '时长写成 90s、15m、2h 或 7d')

export const signalKinds = [
  'unknown-publication',
  'unknown-mass-send',
  'menu-drift',
  'auto-reply-drift',
  'token-killed',
  'authorisation-withdrawn',
  'standing-changed',
  'quota-beyond-ledger',
  'article-gone',
  'reported',
] as const
export type SignalKind = (typeof signalKinds)[number]

export const owners = ['system', 'duty', 'lead', 'account-manager', 'administrator', 'client'] as const
export const automaticEffects = [
  'hold-publications',
  'forget-tokens',
  'snapshot',
  'remove-articles',
  'restore-menu',
  'check-auto-reply',
  'export-evidence',
  'sweep',
] as const
export type AutomaticEffect = (typeof automaticEffects)[number]

/** All named facts must hold. They are known when the step becomes due, not before. */
const condition = z.strictObject({
  mode: z.enum(['secret', 'component']).optional(),
  certainty: z.enum(['confirmed', 'single-sign']).optional(),
  removal: z.enum(['agreed', 'not-agreed']).optional(),
  articles: z.enum(['removable', 'by-hand']).optional(),
  menu: z.enum(['drifted', 'as-approved']).optional(),
  autoReply: z.enum(['drifted', 'as-approved']).optional(),
})
export type Condition = z.infer<typeof condition>

const proof = z.strictObject({ key: slug, title: words, kind: z.enum(['picture', 'number', 'text']) })

const step = z
  .strictObject({
    key: slug,
    action: z.number().int().min(1).max(7).optional(),
    title: words,
    titleEn: words,
    kind: z.enum(['automatic', 'manual', 'decision', 'message']),
    effect: z.enum(automaticEffects).optional(),
    owner: z.enum(owners),
    within: duration,
    after: z.array(slug).default([]),
    when: condition.default({}),
    how: z.array(words).default([]),
    where: words.optional(),
    proof: z.array(proof).default([]),
    question: words.optional(),
    answers: z.array(z.strictObject({ key: slug, title: words })).default([]),
    message: z.enum(['first', 'plans', 'progress', 'restored']).optional(),
    meets: z.array(slug).default([]),
    /** What the client may be told once this is done; the only source of “已…” sentences. */
    says: words.optional(),
  })
  .refine((s) => s.kind !== 'automatic' || s.effect, { message: '自动步骤要写 effect（由哪个动作执行）' })
  .refine((s) => s.kind !== 'decision' || (s.question && s.answers.length >= 2), {
    message: '判断步骤要有 question 和至少两个 answers',
  })
  .refine((s) => s.kind !== 'message' || s.message, { message: '告知步骤要写 message（first、plans、progress 或 restored）' })
  .refine((s) => s.kind === 'automatic' || s.owner !== 'system', { message: '不是自动的步骤要由人负责，owner 不能是 system' })

const clock = z.strictObject({
  key: slug,
  title: words,
  titleEn: words,
  short: words,
  within: duration,
  promise: z.boolean().default(false),
})

const plan = z.strictObject({
  title: words,
  tag: words,
  does: words,
  asks: words,
  cost: words,
  needs: z.enum(['nothing', 'spare-account']).default('nothing'),
  within: duration.optional(),
})

export const playbookSchema = z.strictObject({
  slug,
  version: z.number().int().positive(),
  title: words,
  titleEn: words,
  severity: z.enum(['P1', 'P2', 'P3', 'P4']),
  severityRule: words,
  opensOn: z.array(z.enum(signalKinds)).min(1),
  /** How many independent signs make it certain enough for a machine to remove something (promise 11). */
  signs: z.number().int().min(1).max(3),
  clocks: z.array(clock).min(1),
  order: z.strictObject({ secret: z.array(slug).min(1), component: z.array(slug).min(1) }),
  steps: z.array(step).min(1),
  plans: z.strictObject({ A: plan, B: plan }),
  words: z.strictObject({
    verifying: words,
    happened: words,
    doing: words,
    restored: words,
  }),
  exit: z.array(words).min(1),
  drill: words,
})
export type Playbook = z.infer<typeof playbookSchema>
export type PlaybookStep = Playbook['steps'][number]
export type Owner = PlaybookStep['owner']
