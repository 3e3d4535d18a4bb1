import { z } from 'zod'
import { deciders, type Need, responders, tellers } from '../platform/access.ts'

// The database keeps neither NUL nor half a character; one of them must not cost a person their press.
const text = () =>
  z
    .string()
    .overwrite((given) => given.toWellFormed().replaceAll('\0', ''))
    .trim()
const words = text().min(1, '不能为空').max(2000)
const reason = text().min(6, '原因至少写 6 个字，复盘时要看得懂').max(500)
const agreedBy = text().min(1, '写上谁同意的').max(50)
const key = text().min(1).max(60)

/** Everything a person can do to an incident. The phone's forms, the console and the command line all send one of these. */
export const actSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('acknowledge') }),
  z.object({ do: z.literal('decline') }),
  z.object({ do: z.literal('hand-over'), to: key, now: words, next: words, mind: words }),
  z.object({ do: z.literal('call-help') }),
  z.object({ do: z.literal('complete'), step: key, receipt: words.optional(), answer: key.optional() }),
  z.object({ do: z.literal('cannot'), step: key, reason }),
  z.object({ do: z.literal('skip'), step: key, reason, agreedBy }),
  z.object({ do: z.literal('move'), step: key, before: key, reason, agreedBy }),
  z.object({
    do: z.literal('add'),
    title: words,
    owner: key,
    minutes: z.coerce.number().int().min(1).max(10_080),
    reason,
    agreedBy,
  }),
  z.object({ do: z.literal('draft'), message: z.enum(['progress', 'restored']) }),
  z.object({ do: z.literal('change-message'), messageId: key, text: words, nextUpdateAt: z.iso.datetime().optional() }),
  z.object({ do: z.literal('send'), messageId: key, text: words.optional() }),
  z.object({ do: z.literal('call-back'), messageId: key }),
  z.object({ do: z.literal('sent-by-hand'), messageId: key }),
  z.object({ do: z.literal('postpone'), messageId: key, minutes: z.coerce.number().int().min(1).max(30), reason }),
  z.object({ do: z.literal('severity'), severity: z.enum(['P1', 'P2', 'P3', 'P4']), reason }),
  z.object({ do: z.literal('explain-article'), article: words, whose: words }),
  z.object({ do: z.literal('explain-miss'), clock: key, reason }),
  z.object({ do: z.literal('lift-hold'), hold: key }),
  z.object({ do: z.literal('note'), text: words }),
  z.object({ do: z.literal('export') }),
  z.object({
    do: z.literal('resolve'),
    cause: words,
    followUps: z.array(z.object({ what: words, owner: words, dueOn: z.iso.date() })).default([]),
  }),
  z.object({ do: z.literal('reopen'), reason }),
  z.object({ do: z.literal('review') }),
])
export type Act = z.infer<typeof actSchema>
export type ActName = Act['do']

const onlySignedIn = (need: Need): Need => (need.who === 'staff' ? { who: 'staff', roles: need.roles } : need)

/** Who may do what. A personal link acknowledges and completes steps; the rest asks for a sign-in on that device (ux §17). */
export const needOf: Record<ActName, Need> = {
  acknowledge: responders,
  decline: responders,
  complete: responders,
  cannot: responders,
  note: responders,
  'hand-over': onlySignedIn(responders),
  'call-help': responders,
  skip: onlySignedIn(responders),
  move: onlySignedIn(responders),
  add: onlySignedIn(responders),
  draft: tellers,
  'change-message': tellers,
  send: tellers,
  'call-back': tellers,
  'sent-by-hand': tellers,
  postpone: tellers,
  severity: deciders,
  'explain-article': deciders,
  'explain-miss': tellers,
  'lift-hold': deciders,
  export: onlySignedIn(responders),
  resolve: deciders,
  reopen: deciders,
  review: deciders,
}
