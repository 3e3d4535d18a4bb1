import { epoch, type Instant } from '../../platform/time.ts'
import { asList, asObject, asText, readObject } from './call.ts'
import { answered, definite, isFresh, jsonReply, kindOfButton, notGenuine } from './presses.ts'
import type { Push, PushReading, Receipt } from './receipts.ts'
import { openFeishu } from './sealing.ts'
import { sameSignature, signFeishuOldCard, signFeishuPush } from './signing.ts'

/** Applications with an encrypt key seal and sign every push; those without are known by the verification token alone. */
export type FeishuSecrets = { encryptKey?: string; verificationToken: string }

/** Answered within 3 seconds or the person sees an error; never sent again. The answer says "received", not "you have it". */
const RECEIVED = jsonReply({ toast: { type: 'info', content: '已收到' } })

export function readFeishuPush(push: Push, secrets: FeishuSecrets, now: Instant): PushReading {
  const outer = readObject(push.rawBody)
  if (!outer) return notGenuine('Feishu push is not JSON', 400)
  const body = openBody(outer, secrets)
  if (!body) return notGenuine('Feishu push does not open with our encrypt key')

  const header = asObject(body.header) ?? {}
  if (body.type === 'url_verification') {
    return sameSignature(asText(body.token), secrets.verificationToken)
      ? answered([], jsonReply({ challenge: asText(body.challenge) }))
      : notGenuine('Feishu verification token does not match')
  }
  const problem = checkSignature(push, secrets, asText(header.token), epoch(now))
  if (problem) return notGenuine(problem)

  const press = pressOf(body, header)
  if (press) return answered([press], RECEIVED)
  return answered(asText(header.event_type) === 'im.message.message_read_v1' ? readsOf(body, header) : [], jsonReply({}))
}

function openBody(outer: Record<string, unknown>, secrets: FeishuSecrets): Record<string, unknown> | undefined {
  // With an encrypt key a plain body is a forgery: Feishu would have sealed it.
  if (secrets.encryptKey === undefined) return outer
  if (typeof outer.encrypt !== 'string') return undefined
  try {
    return readObject(openFeishu(secrets.encryptKey, outer.encrypt))
  } catch {
    return undefined
  }
}

/** Over the raw bytes: parsing and writing the JSON again would change the order of keys, and with it the signature. */
function checkSignature(push: Push, secrets: FeishuSecrets, token: string, now: number): string | undefined {
  const timestamp = push.headers.get('x-lark-request-timestamp') ?? ''
  const nonce = push.headers.get('x-lark-request-nonce') ?? ''
  const signature = push.headers.get('x-lark-signature') ?? ''
  const { encryptKey, verificationToken } = secrets
  if (encryptKey === undefined && !signature) {
    return sameSignature(token, verificationToken) ? undefined : 'Feishu verification token does not match'
  }
  const expected =
    encryptKey === undefined
      ? signFeishuOldCard(timestamp, nonce, verificationToken, push.rawBody)
      : signFeishuPush(timestamp, nonce, encryptKey, push.rawBody)
  if (!sameSignature(expected, signature)) return 'Feishu signature does not match'
  return isFresh(Number(timestamp) * 1000, now) ? undefined : 'Feishu push is older than an hour'
}

/** Newer pushes keep the press under `event`, older ones at the top. */
function pressOf(body: Record<string, unknown>, header: Record<string, unknown>): Receipt | undefined {
  const event = asObject(body.event) ?? body
  const value = asObject(asObject(event.action)?.value)
  if (!value) return undefined
  const operator = asObject(event.operator) ?? event
  const message = asText(asObject(event.context)?.open_message_id) || asText(event.open_message_id)
  const userId = asText(operator.open_id) || asText(operator.user_id)
  const key = asText(value.key)
  const token = asText(event.token)
  return definite({
    kind: kindOfButton(key),
    provider: 'feishu',
    eventId: `feishu:${asText(header.event_id) || `${message}:${userId}:${token}`}`,
    sendId: message,
    taskId: asText(value.task),
    userId,
    key,
    update: token || message,
  })
}

function readsOf(body: Record<string, unknown>, header: Record<string, unknown>): Receipt[] {
  const event = asObject(body.event) ?? {}
  const userId = asText(asObject(asObject(event.reader)?.reader_id)?.open_id)
  return asList(event.message_id_list).map((id) =>
    definite({
      kind: 'read',
      provider: 'feishu',
      eventId: `feishu:${asText(header.event_id)}:${asText(id)}`,
      sendId: asText(id),
      userId,
    }),
  )
}
