import net from 'node:net'

export type Answer = { status: number; body: string }
/** One keep-alive connection that carries one request at a time. */
export type Line = { send(bytes: Buffer): Promise<Answer>; close(): void }

export async function openLine(port: number): Promise<Line> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let received = ''
  let answered: ((answer: Answer) => void) | undefined
  let failed: ((error: Error) => void) | undefined
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    received += text
    const answer = readAnswer(received)
    if (!answer) return
    received = ''
    answered?.(answer)
  })
  const broken = (error: Error) => failed?.(error)
  socket.on('error', broken)
  socket.on('close', () => broken(new Error('the server closed the connection')))
  return {
    send: (bytes) =>
      new Promise((resolve, reject) => {
        answered = resolve
        failed = reject
        if (socket.destroyed) reject(new Error('the connection is closed'))
        else socket.write(bytes)
      }),
    close: () => socket.destroy(),
  }
}

/**
 * The answer, or undefined while it is incomplete. Reads no more of HTTP than this server sends; far cheaper than a client
 * library, so that on two cores the server and its database are measured and not the one who asks.
 */
export function readAnswer(received: string): Answer | undefined {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const status = Number(received.slice(9, 12))
  const body = received.slice(headEnd + 4)
  const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, headEnd))?.[1]
  if (length !== undefined) return body.length >= Number(length) ? { status, body } : undefined
  return body.endsWith('0\r\n\r\n') ? { status, body } : undefined
}
