import { epoch, type Instant } from '../../platform/time.ts'
import { asList, asObject, asText, readObject } from './call.ts'
import { answered, definite, isFresh, jsonReply, kindOfButton, notGenuine } from './presses.ts'
import type { Push, PushReading, Receipt } from './receipts.ts'
import { sameSignature, signDingtalk } from './signing.ts'

export type DingtalkSecrets = { appSecret: string }

/** DingTalk's callback by HTTP, signed like its robot: headers `timestamp` (milliseconds) and `sign`, with the application's secret. */
export function readDingtalkPush(push: Push, secrets: DingtalkSecrets, now: Instant): PushReading {
  const timestamp = push.headers.get('timestamp') ?? ''
  if (!sameSignature(signDingtalk(secrets.appSecret, timestamp), push.headers.get('sign') ?? ''))
    return notGenuine('DingTalk signature does not match')
  if (!isFresh(Number(timestamp), epoch(now))) return notGenuine('DingTalk push is older than an hour')
  const body = readObject(push.rawBody)
  if (!body) return notGenuine('DingTalk push is not JSON', 400)
  return answered(readDingtalkPress(body), jsonReply({}))
}

/**
 * A press on an interactive card, by HTTP or from the stream. The pressed keys stand in `cardPrivateData.actionIds`; different
 * versions put that into `content`, into `value` (both JSON in a string) or straight into the body.
 */
export function readDingtalkPress(body: Record<string, unknown>): Receipt[] {
  const inner = [body, inside(body.content), inside(body.value)]
  const pressed = inner.map((layer) => asObject(layer?.cardPrivateData)).find(Boolean)
  const key = asText(asList(pressed?.actionIds)[0]) || asText(asObject(pressed?.params)?.key)
  const task = asText(body.outTrackId)
  const userId = asText(body.userId)
  if (!key || !task) return []
  return [
    definite({
      kind: kindOfButton(key),
      provider: 'dingtalk',
      eventId: `dingtalk:${task}:${userId}:${key}`,
      sendId: task,
      taskId: task,
      userId,
      key,
      update: task,
    }),
  ]
}

const inside = (value: unknown) => (typeof value === 'string' ? readObject(value) : asObject(value))
