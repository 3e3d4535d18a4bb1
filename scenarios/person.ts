/** A person at a browser without scripts: keeps cookies, reads pages, presses forms. */
export function makePerson(
  base: string,
  userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0',
) {
  const cookies = new Map<string, string>()
  const send = async (
    path: string,
    init: { method?: string; body?: URLSearchParams | FormData | string; headers?: Record<string, string> } = {},
  ) => {
    const url = new URL(path, base)
    const cookie = [...cookies].map(([k, v]) => `${k}=${v}`).join('; ')
    const answer = await fetch(url, {
      redirect: 'manual',
      ...init,
      headers: { 'user-agent': userAgent, origin: url.origin, ...(cookie ? { cookie } : {}), ...init.headers },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return answer
  }
  return {
    cookies,
    get: (path: string, headers: Record<string, string> = {}) => send(path, { headers }),
    post: (path: string, fields: Record<string, string> | FormData, headers: Record<string, string> = {}) =>
      send(path, { method: 'POST', body: fields instanceof FormData ? fields : new URLSearchParams(fields), headers }),
    postJson: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      send(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      }),
    async json<T>(path: string): Promise<T> {
      const answer = await send(path, { headers: { accept: 'application/json' } })
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${(await answer.text()).slice(0, 300)}`)
      return (await answer.json()) as T
    },
  }
}
export type Person = ReturnType<typeof makePerson>

/** Asks until the answer is there; bounded, so that a story that stands still fails with what it waited for. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | null | false>,
  withinMs = 30_000,
  everyMs = 50,
): Promise<T> {
  const end = performance.now() + withinMs
  let last: unknown
  for (;;) {
    try {
      const answer = await ask()
      if (answer) return answer
    } catch (error) {
      last = error
    }
    if (performance.now() > end)
      throw new Error(`waited ${withinMs / 1000} s for: ${what}${last ? ` (${(last as Error).message})` : ''}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
