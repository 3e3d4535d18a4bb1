import type { App } from '../platform/app.ts'
import { seconds } from '../platform/time.ts'

export type RelayAnswer = { ok: true; status: number; body: string; contentType: string } | { ok: false; why: string }
const PATIENCE = seconds(4)
const LARGEST_ANSWER = 64 * 1024

/**
 * Passes a push on to the address it went to before us, as it came: WeChat's signature stays valid because nothing in it
 * names the address. WeChat waits five seconds in all, so we wait four.
 */
export async function relayPush(
  app: App,
  relayUrl: string,
  search: string,
  body: Buffer,
  contentType: string,
): Promise<RelayAnswer> {
  const address = new URL(relayUrl)
  for (const [name, value] of new URLSearchParams(search)) address.searchParams.set(name, value)
  try {
    const response = await app.fetch(address, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { 'content-type': contentType },
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    })
    const answer = await response.text()
    if (response.status !== 200) return { ok: false, why: `原来的系统回答了 HTTP ${response.status}` }
    if (answer.length > LARGEST_ANSWER) return { ok: false, why: '原来的系统回答过长' }
    return { ok: true, status: 200, body: answer, contentType: response.headers.get('content-type') ?? 'text/plain' }
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError'
    return { ok: false, why: late ? '原来的系统 4 秒内没有回答' : '连不上原来的系统' }
  }
}
