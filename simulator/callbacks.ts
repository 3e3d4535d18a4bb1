import { iso, unix } from './clock.ts'
import { dress, openReply, type Receiver } from './envelope.ts'
import type { PushFault } from './faults.ts'
import type { Delivery, Push } from './pushes.ts'
import type { Account } from './state/account.ts'
import type { World } from './state/world.ts'
import { type XmlFields, xml } from './xml.ts'

const MARK_FAIL_MS = 60_000

/** The fixed sender of MASSSENDJOBFINISH and of standing events: no reader, a helper of the platform. */
export const mphelper = (account: Account) => `o${account.appid.slice(2).padEnd(20, 'm')}mphelpr`

/** Pushes a message or event of an account: to its component when one is authorised and listens, else to its own callback. */
export function push(
  world: World,
  account: Account,
  fields: { FromUserName: string; MsgType: string } & XmlFields,
): Promise<Push> {
  const { FromUserName, MsgType, ...rest } = fields
  const head = { ToUserName: account.userName, FromUserName, CreateTime: unix(world.clock.now()), MsgType }
  const body = xml({ ...head, ...rest })
  const event = String(fields.Event ?? MsgType)
  return world.pushes.track(send(world, account.appid, event, body, receiverFor(world, account, FromUserName)))
}

function receiverFor(world: World, account: Account, openid: string): Receiver | undefined {
  const { component } = world
  const authorised = component.authorisations.get(account.appid)
  if (authorised && !authorised.withdrawn && component.messageUrl) {
    const url = component.messageUrl.replaceAll('$APPID$', account.appid)
    const { token, aesKey, appid: id } = component
    return {
      to: 'component-messages',
      url,
      token,
      aesKey,
      mode: 'safe',
      id,
      openid,
      userName: account.userName,
      failures: account.markFail,
    }
  }
  if (!account.callback) return undefined
  return { to: 'account', ...account.callback, id: account.appid, openid, userName: account.userName, failures: account.markFail }
}

/** Pushes an authorisation event or the verify ticket to the component. */
export function pushToComponent(world: World, infoType: string, fields: XmlFields): Promise<Push> {
  const { component } = world
  const body = xml({ AppId: component.appid, CreateTime: unix(world.clock.now()), InfoType: infoType, ...fields })
  const receiver: Receiver | undefined = component.eventUrl
    ? {
        to: 'component-events',
        url: component.eventUrl,
        token: component.token,
        aesKey: component.aesKey,
        mode: 'safe',
        id: component.appid,
        openid: '',
        userName: '',
        failures: component.failures,
      }
    : undefined
  return world.pushes.track(send(world, component.appid, infoType, body, receiver))
}

async function send(world: World, appid: string, event: string, body: string, receiver: Receiver | undefined): Promise<Push> {
  const to = receiver?.to ?? 'account'
  const push = world.pushes.record({ at: iso(world.clock.now()), appid, to, url: receiver?.url ?? '', event, body })
  if (!receiver) return lose(push, 'no-callback')
  const { failures } = receiver
  if (world.clock.now() < failures.until && world.switches.markFailDrops !== 'nothing') {
    if (world.switches.markFailDrops === 'everything' || body.includes('<MsgType><![CDATA[event]]>'))
      return lose(push, 'mark-fail')
  }
  const fault = world.faults.takePush(appid, event)
  return fault ? sendWithFault(world, push, receiver, fault) : sendNow(world, push, receiver)
}

async function sendWithFault(world: World, push: Push, receiver: Receiver, fault: PushFault): Promise<Push> {
  switch (fault.fault) {
    case 'drop':
      return lose(push, 'fault')
    case 'duplicate':
      await sendNow(world, push, receiver)
      return sendNow(world, push, receiver)
    case 'wrong-signature':
      return sendNow(world, push, { ...receiver, token: `${receiver.token}-wrong` })
    case 'old-key': {
      const aesKey =
        receiver.to === 'account' ? world.accounts.get(push.appid)?.previousCallback?.aesKey : world.component.previousAesKey
      return sendNow(world, push, { ...receiver, aesKey: aesKey ?? receiver.aesKey })
    }
    case 'delay':
      world.clock.after(fault.ms, () => void world.pushes.track(sendNow(world, push, receiver)))
      return push
    case 'reorder':
      // Held back until the account's next push has gone out.
      world.pushes.held.push({ appid: push.appid, send: () => void world.pushes.track(sendNow(world, push, receiver, false)) })
      return push
  }
}

async function sendNow(world: World, push: Push, receiver: Receiver, releases = true): Promise<Push> {
  const deliveries = Math.max(1, world.switches.deliveries)
  for (let attempt = 0; attempt < deliveries; attempt++) {
    const delivery = await deliver(world, push.body, receiver)
    push.deliveries.push(delivery)
    if (delivery.good && delivery.answer?.includes('<xml')) push.reply = openReply(delivery.answer, receiver)
    if (delivery.good || !isRepeated(world, delivery) || world.pushes.isClosed) break
  }
  const last = push.deliveries.at(-1)
  if (last?.good) receiver.failures.failures = 0
  else {
    push.lost = 'all-deliveries-failed'
    markFailure(world, receiver)
  }
  if (releases) releaseHeld(world, push.appid)
  return push
}

/** No answer in time is repeated; a wrong answer only shows the user that the service is out of order. */
const isRepeated = (world: World, delivery: Delivery) =>
  delivery.error !== undefined || (world.switches.retryOnHttpError && (delivery.status ?? 0) >= 500)

function markFailure(world: World, { failures }: Receiver): void {
  if (++failures.failures < world.switches.markFailAfter) return
  failures.failures = 0
  failures.until = world.clock.now() + MARK_FAIL_MS
}

function releaseHeld(world: World, appid: string): void {
  const mine = world.pushes.held.filter((one) => one.appid === appid)
  world.pushes.held = world.pushes.held.filter((one) => one.appid !== appid)
  for (const held of mine) held.send()
}

async function deliver(world: World, body: string, receiver: Receiver): Promise<Delivery> {
  const startedAt = performance.now()
  const at = iso(world.clock.now())
  const took = () => Math.round(performance.now() - startedAt)
  try {
    const { url, text } = dress(world, body, receiver)
    const response = await fetch(url, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' },
      signal: AbortSignal.timeout(world.switches.callbackDeadlineMs),
      redirect: 'manual',
    })
    const answer = (await response.text()).trim()
    const good = response.status === 200 && (answer === 'success' || answer === '' || answer.startsWith('<xml'))
    return { at, status: response.status, answer: answer.slice(0, 60_000), ms: took(), good }
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown'
    return { at, error: name === 'TimeoutError' ? 'no answer in time' : 'connection failed', ms: took(), good: false }
  }
}

function lose(push: Push, why: NonNullable<Push['lost']>): Push {
  push.lost = why
  return push
}
