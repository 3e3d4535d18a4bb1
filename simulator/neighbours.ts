import type { IncomingMessage, ServerResponse } from 'node:http'
import type { providers } from './providers/index.ts'

export type Neighbours = ReturnType<typeof providers>

const PREFIXES = ['/wecom/', '/dingtalk/', '/feishu/', '/aliyun/', '/tencent/', '/s3/', '/tsa', '/_sim/providers/']
/** Message channels, storage and time stamps live behind the same port, in a folder of their own. */
export const isNeighbours = (path: string): boolean => PREFIXES.some((prefix) => path.startsWith(prefix) || `${path}/` === prefix)

/** Hands a request over and streams the answer back; a body that breaks before its first byte becomes a hung-up connection. */
export async function passOn(
  neighbours: Neighbours,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<boolean> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const url = `http://${request.headers.host ?? '127.0.0.1'}${request.url}`
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one)
  }
  const method = request.method ?? 'GET'
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const asked = new Request(url, { method, headers, body: hasBody ? new Uint8Array(body) : undefined, signal: gone.signal })
  const answer = await neighbours.handle(asked)
  if (!answer) return false
  try {
    await stream(answer, response)
  } catch {
    response.destroy()
  }
  return true
}

async function stream(answer: Response, response: ServerResponse): Promise<void> {
  const head = () => response.headersSent || response.writeHead(answer.status, Object.fromEntries(answer.headers))
  if (answer.body) {
    for await (const chunk of answer.body) {
      head()
      response.write(chunk)
    }
  }
  head()
  response.end()
}
