import type { Server } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { World } from './world.ts'

export type MailServer = { port(): number | undefined; start(): Promise<void>; close(): Promise<void> }

/** A refusal in the words of a real server: "550 5.1.1 no such user". */
function refusal(text: string): Error & { responseCode: number } {
  const [, code = '451', rest = text] = /^(\d{3})[ -](.*)$/.exec(text) ?? []
  return Object.assign(new Error(rest), { responseCode: Number(code) })
}

/** A mail server that keeps what it gets. Faults: `mail:`, `rcpt:` or `data:` followed by the reply, `cut-after-dot`, `mail-hang`. */
export function mailServer(world: () => World): MailServer {
  let server: SMTPServer | undefined
  let port: number | undefined

  function make(): SMTPServer {
    const made = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      logger: false,
      closeTimeout: 500,
      onAuth: (auth, _session, done) => {
        const fault = world().faults.take('email', 'auth:')
        if (fault) done(refusal(fault.slice(5)))
        else done(null, { user: auth.username ?? 'somebody' })
      },
      onMailFrom: (_address, _session, done) => {
        const fault = world().faults.take('email', 'mail:')
        done(fault ? refusal(fault.slice(5)) : null)
      },
      onRcptTo: (address, _session, done) => {
        const fault = world().faults.take('email', 'rcpt:')
        if (fault) done(refusal(fault.slice(5)))
        else done(world().person(address.address).unknown ? refusal('550 5.1.1 no such user here') : null)
      },
      onData: (stream, session, done) => {
        const parts: Buffer[] = []
        stream.on('data', (part: Buffer) => parts.push(part))
        stream.on('end', () => {
          const refused = world().faults.take('email', 'data:')
          if (refused) {
            done(refusal(refused.slice(5)))
            return
          }
          for (const { address } of session.envelope.rcptTo) keep(address, Buffer.concat(parts).toString('utf8'))
          const fault = world().faults.take('email', 'cut-after-dot', 'mail-hang')
          if (fault === 'cut-after-dot') cut(made, session.id)
          // Accepted and never said so: the client's own time-out ends it.
          else if (fault !== 'mail-hang') done()
        })
      },
    })
    made.on('error', () => undefined)
    return made
  }

  function keep(to: string, source: string): void {
    const letter = readLetter(source)
    world().show({ provider: 'email', to, title: letter.subject, text: letter.text, sendId: letter.id, links: letter.links })
  }

  return {
    port: () => port,
    start() {
      const made = make()
      server = made
      return new Promise((resolve, reject) => {
        made.once('error', reject)
        const listening: Server = made.listen(0, '127.0.0.1', () => {
          const address = listening.address()
          port = typeof address === 'object' && address ? address.port : undefined
          resolve()
        })
      })
    },
    close() {
      const open = server
      server = undefined
      port = undefined
      return new Promise((resolve) => {
        if (open) open.close(() => resolve())
        else resolve()
      })
    },
  }
}

type OpenConnection = { id: string; _socket: { destroy(): void } }

/** Cuts the line of one session, as a failing network would. */
function cut(server: SMTPServer, session: string): void {
  const connections = (server as unknown as { connections: Set<OpenConnection> }).connections
  for (const connection of connections) if (connection.id === session) connection._socket.destroy()
}

/** Enough of MIME to read what our senders write: encoded words, quoted-printable, base64, the plain part of an alternative. */
export function readLetter(source: string): {
  subject: string
  text: string
  id: string
  links: { label: string; url: string }[]
} {
  const { headers, body } = split(source)
  const boundary = /boundary="?([^";\s]+)"?/.exec(headers['content-type'] ?? '')?.[1]
  const parts = boundary
    ? body
        .split(`--${boundary}`)
        .slice(1, -1)
        .map((part) => split(part.replace(/^\r?\n/, '')))
    : [{ headers, body }]
  const plain = parts.find((part) => /text\/plain/.test(part.headers['content-type'] ?? 'text/plain'))
  const text = plain ? decodeBody(plain.body, plain.headers['content-transfer-encoding'] ?? '') : ''
  const links = [...text.matchAll(/https?:\/\/[^\s]+/g)].map(([url]) => ({ label: url, url }))
  return { subject: decodeWords(headers.subject ?? ''), text: text.trim(), id: headers['message-id'] ?? '', links }
}

function split(source: string): { headers: Record<string, string>; body: string } {
  const [head = '', ...rest] = source.split(/\r?\n\r?\n/)
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])
  return { headers: Object.fromEntries(headers), body: rest.join('\n\n') }
}

function decodeBody(body: string, encoding: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString('utf8')
  if (!/quoted-printable/i.test(encoding)) return body
  return quoted(body.replace(/=\r?\n/g, ''))
}

const quoted = (text: string) =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')

function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B' ? Buffer.from(word, 'base64').toString('utf8') : quoted(word.replace(/_/g, ' ')),
    )
}
