import type { FaultKind, PushFaultKind } from '../faults.ts'
import { type Fields, maybeText, numberAt, textAt } from '../json.ts'
import { misuse, type Request, type Route } from './door.ts'

const KINDS = new Set<string>([
  'slow',
  'slow-before',
  'slow-body',
  'status5xx',
  'html',
  'empty',
  'badjson',
  'busy-before',
  'busy-after',
  'hangup-before',
  'hangup-after',
  'expired-token',
  'quota',
  'whitelist',
  'errcode',
])
const PUSH_KINDS = new Set<string>(['duplicate', 'reorder', 'drop', 'delay', 'wrong-signature', 'old-key'])

/** "always" until the faults are forgotten. */
const timesOf = (body: Fields): number => (body.times === 'always' ? Number.POSITIVE_INFINITY : numberAt(body, 'times', 1))

function add({ world, body }: Request): unknown {
  const fault = textAt(body, 'fault')
  if (!KINDS.has(fault)) misuse(`fault: one of ${[...KINDS].join(', ')}`)
  const added = {
    id: world.faults.nextId(),
    path: textAt(body, 'path') || '*',
    appid: maybeText(body, 'appid'),
    ip: maybeText(body, 'ip'),
    fault: fault as FaultKind,
    times: timesOf(body),
    ms: numberAt(body, 'ms', 1000),
    status: numberAt(body, 'status', 502),
    code: numberAt(body, 'code', -1),
    executed: body.executed === true,
  }
  world.faults.waiting.push(added)
  return added
}

function addPush({ world, body }: Request): unknown {
  const fault = textAt(body, 'fault')
  if (!PUSH_KINDS.has(fault)) misuse(`fault: one of ${[...PUSH_KINDS].join(', ')}`)
  const added = {
    id: world.faults.nextId(),
    appid: maybeText(body, 'appid'),
    event: maybeText(body, 'event'),
    fault: fault as PushFaultKind,
    times: timesOf(body),
    ms: numberAt(body, 'ms', 1000),
  }
  world.faults.pushes.push(added)
  return added
}

function clear({ world }: Request): void {
  world.faults.waiting = []
  world.faults.pushes = []
}

export const faultRoutes: Route[] = [
  ['POST', '/faults', add],
  ['POST', '/faults/callbacks', addPush],
  ['GET', '/faults', ({ world }) => ({ api: world.faults.waiting, callbacks: world.faults.pushes })],
  ['DELETE', '/faults', clear],
]
