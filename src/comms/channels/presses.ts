import type { PushReading, PushReply, Receipt } from './receipts.ts'

/** The keys our buttons carry; any other is an answer to a question of ours ("是您本人吗？"). */
export function kindOfButton(key: string): Receipt['kind'] {
  if (key === 'acknowledge') return 'acknowledge'
  return key === 'hand-over' ? 'hand-over' : 'answer'
}

/** 接手请按 1，转给后备请按 2. The caller, who knows what was asked, may read the digit otherwise: it is in `key`. */
export function kindOfDigit(digit: string): Receipt['kind'] {
  if (digit === '1') return 'acknowledge'
  return digit === '2' ? 'hand-over' : 'answer'
}

export type TypedReply = { key: string; code?: string }

/**
 * "1 8342", "１", "回复1", "1接手": the digit that was asked for, and the short code behind it. A longer number or an ordinary
 * sentence is no answer, since a wrong acknowledgement stops the ladder.
 */
export function readTypedReply(text: string): TypedReply | undefined {
  const typed = text.normalize('NFKC').trim()
  const match =
    /^(?:回复|[【[("“'])?\s*([1-9])(?!\d)\s*(?:[】\])"”']|接手|转给后备|转后备|是|否)?[\s,，、.。:：-]*(\d{3,6})?[\s.。!]*$/.exec(
      typed,
    )
  if (!match?.[1]) return undefined
  return match[2] ? { key: match[1], code: match[2] } : { key: match[1] }
}

export const answered = (receipts: Receipt[], reply: PushReply): PushReading => ({ receipts, reply })
export const jsonReply = (body: unknown, status = 200): PushReply => ({
  status,
  body: JSON.stringify(body),
  contentType: 'application/json; charset=utf-8',
})
export const textReply = (body: string, status = 200): PushReply => ({ status, body, contentType: 'text/plain; charset=utf-8' })
export const notGenuine = (refused: string, status = 403): PushReading => ({
  receipts: [],
  reply: textReply('', status),
  refused,
})

const HOUR = 3_600_000
/** Their clock and ours may differ; a push older than an hour is somebody replaying it. */
export const isFresh = (milliseconds: number, now: number): boolean => Math.abs(now - milliseconds) <= HOUR

export const definite = (receipt: Receipt): Receipt =>
  Object.fromEntries(Object.entries(receipt).filter(([, value]) => value !== undefined && value !== '')) as Receipt
