import { XMLParser } from 'fast-xml-parser'
import { epoch, type Instant } from '../../platform/time.ts'
import { asObject, asText } from './call.ts'
import { answered, definite, isFresh, kindOfButton, notGenuine, textReply } from './presses.ts'
import type { Push, PushReading, Receipt } from './receipts.ts'
import { openWecom } from './sealing.ts'
import { sameSignature, signWecomPush } from './signing.ts'
import { updateToken } from './wecom-app.ts'

export type WecomSecrets = { token: string; encodingAesKey: string; corpId: string }

const xml = new XMLParser({ parseTagValue: false, processEntities: false })

function readXml(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(asObject(xml.parse(text))?.xml)
  } catch {
    return undefined
  }
}

/**
 * WeCom's callback. It waits 5 seconds and sends three times in all; an empty 200 stops that. The check of the address (GET) is
 * answered with the opened text and nothing around it.
 */
export function readWecomPush(push: Push, secrets: WecomSecrets, now: Instant): PushReading {
  const part = (name: string) => push.query.get(name) ?? ''
  const sealed = push.method === 'GET' ? part('echostr') : asText(readXml(push.rawBody)?.Encrypt)
  const expected = signWecomPush(secrets.token, part('timestamp'), part('nonce'), sealed)
  if (sealed === '' || !sameSignature(expected, part('msg_signature'))) return notGenuine('WeCom signature does not match')
  if (push.method === 'POST' && !isFresh(Number(part('timestamp')) * 1000, epoch(now)))
    return notGenuine('WeCom push is older than an hour')

  const opened = tryOpen(secrets.encodingAesKey, sealed)
  if (!opened) return notGenuine('WeCom push does not open with our EncodingAESKey')
  if (opened.receiveId !== secrets.corpId) return notGenuine('WeCom push is meant for another corporation')
  if (push.method === 'GET') return answered([], textReply(opened.message))
  const event = readXml(opened.message)
  return answered(event ? pressOf(event) : [], textReply(''))
}

function tryOpen(key: string, sealed: string) {
  try {
    return openWecom(key, sealed)
  } catch {
    return undefined
  }
}

function pressOf(event: Record<string, unknown>): Receipt[] {
  const field = (name: string) => asText(event[name])
  if (field('Event') !== 'template_card_event') return []
  const userId = field('FromUserName')
  const key = field('EventKey')
  const code = field('ResponseCode')
  return [
    definite({
      kind: kindOfButton(key),
      provider: 'wecom',
      eventId: `wecom:${userId}:${field('CreateTime')}:${field('TaskId')}:${key}`,
      taskId: field('TaskId'),
      userId,
      key,
      update: code ? updateToken(userId, code) : undefined,
    }),
  ]
}
