/**
 * What of a call may be kept. Tokens, secrets, tickets and authorisation codes never are; an openid is shortened, since who
 * unfollows must be forgotten and the ledger of calls is not a place anybody searches for people (section c.2).
 */
const LARGEST = 4096
const SECRET_NAME = /^(?:.*(?:token|secret|ticket|pre_auth_code|authorization_code|refresh).*|auth_code|code)$/i

export const MASK = '***'

/** A copy of a request body with secrets masked and long texts cut. */
export function maskedJson(value: unknown): unknown {
  if (typeof value === 'string') return shortened(maskedOpenid(value))
  if (Array.isArray(value))
    return value.length > 20 ? [...value.slice(0, 20).map(maskedJson), `… ${value.length} in all`] : value.map(maskedJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, v]) => [name, SECRET_NAME.test(name) && typeof v === 'string' ? MASK : maskedJson(v)]),
  )
}

/** The answer as it came, up to 4 KB, with the same things masked. Works on broken JSON too, so it works on text. */
export function maskedText(answer: string, secrets: readonly string[] = []): string {
  let text = answer.slice(0, LARGEST * 2)
  for (const secret of secrets) if (secret.length >= 6) text = text.replaceAll(secret, MASK)
  text = maskedPairs(text)
  return cut(text.replace(/"(o[\w-]{27})"/g, (_, openid: string) => `"${maskedOpenid(openid)}"`))
}

/** `"secret":"…"`, the same inside a JSON text within JSON (WeChat explains a request that way), and `access_token=…` in an address. */
function maskedPairs(text: string): string {
  const mask = (whole: string, quote: string, name: string, colon: string) =>
    SECRET_NAME.test(name) ? `${quote}${name}${quote}${colon}${quote}${MASK}${quote}` : whole
  return text
    .replace(/(")([^"\\]{1,64})"(\s*:\s*)"(?:[^"\\]|\\.)*"?/g, mask)
    .replace(/(\\")([^"\\]{1,64})\\"(\s*:\s*)\\"(?:[^"\\]|\\\\.)*(?:\\")?/g, mask)
    .replace(/\b((?:\w*_)?(?:token|secret|ticket)=)[^&"\s\\]+/gi, `$1${MASK}`)
}

const maskedOpenid = (value: string) => (/^o[\w-]{27}$/.test(value) ? `${value.slice(0, 6)}…${value.slice(-4)}` : value)
const shortened = (value: string) => (value.length > 200 ? `${value.slice(0, 200)}… (${value.length} characters)` : value)

/** Cuts by bytes, since that is what storage counts, and never inside a character. */
function cut(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= LARGEST) return text
  let end = LARGEST - 3
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return `${bytes.toString('utf8', 0, end)}…`
}

export const cutSummary = (text: string): string => cut(text)
