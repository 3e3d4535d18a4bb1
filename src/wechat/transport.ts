/** Small questions about HTTP answers and failures. */

/** Failures from before anything was sent. Whatever is not listed may have reached WeChat. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

export function reachedNobody(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return [error, cause].some(
    (e) => typeof e === 'object' && e !== null && (failedToConnect(e) || ('code' in e && BEFORE_SENDING.has(String(e.code)))),
  )
}

const failedToConnect = (error: object) => 'syscall' in error && error.syscall === 'connect'

/** Null when the answer is larger than allowed. */
export async function readBounded(response: Response, largest: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body ?? []) {
    length += piece.length
    if (length > largest) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

export const isHtml = (bytes: Uint8Array): boolean =>
  /^\s*<(?:!doctype|html|head|body|center)/i.test(Buffer.from(bytes.subarray(0, 256)).toString())
