/**
 * Reads WeChat's JSON without damaging its ids: `msg_id`, `publish_id`, the template `msgid` and others may exceed 2^53 and
 * come as numbers or strings as it pleases (section 0, "Numbers"). Those are always text here, and so is any other whole
 * number a JavaScript number cannot hold.
 */
export type Json = null | boolean | number | string | Json[] | JsonObject
export type JsonObject = { [name: string]: Json | undefined }

const IDS = new Set(['msg_id', 'msgid', 'MsgID', 'MsgId', 'msg_data_id', 'publish_id', 'user_comment_id', 'menuid'])

/** Returns undefined for what is not JSON. */
export function parseJson(body: string): Json | undefined {
  try {
    return JSON.parse(body, keepWhole) as Json
  } catch {
    return undefined
  }
}

function keepWhole(name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value
  const damaged = !Number.isSafeInteger(value) && /^-?\d+$/.test(context.source)
  return damaged || IDS.has(name) ? context.source : value
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
