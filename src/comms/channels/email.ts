import { PassThrough } from 'node:stream'
import nodemailer from 'nodemailer'
import { referenceOf, SHORT_PAUSE_MS } from './call.ts'
import type { Channel, ChannelIo, Notice, SendResult } from './channel.ts'
import { judgeMail } from './codes-email.ts'
import { renderEmail } from './render.ts'
import type { ChannelSettings } from './settings.ts'
import { recipient, resultOf } from './verdicts.ts'

const NAME = '邮件'
const ownMachine = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/

/** Mail by SMTP. A 250 means the next server queued it, nothing more; opens are not read, since scanners open everything. */
export function openEmail(settings: ChannelSettings['email'], _io: ChannelIo): Channel {
  return {
    kind: 'email',
    async send(to, notice, key) {
      // An address with a line break or a second address in it would let a contact's name field write our headers.
      if (!/^[^\s<>,;"]+@[^\s<>,;"]+$/.test(to)) return resultOf(recipient('邮箱地址不对'), NAME, to.slice(0, 60))
      return deliver(settings, to, notice, key)
    },
  }
}

async function deliver(settings: ChannelSettings['email'], to: string, notice: Notice, key: string): Promise<SendResult> {
  const transport = nodemailer.createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.secure,
    requireTLS: !settings.secure && !ownMachine.test(settings.host),
    ...(settings.user ? { auth: { user: settings.user, pass: settings.password ?? '' } } : {}),
    connectionTimeout: settings.timeoutMs,
    greetingTimeout: settings.timeoutMs,
    socketTimeout: settings.timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  // Once the whole letter has left us, a broken line no longer means that it was not delivered.
  let handedOver = false
  transport.use('stream', (mail, proceed) => {
    mail.message.transform(
      () =>
        new PassThrough({
          flush(done) {
            handedOver = true
            done()
          },
        }),
    )
    proceed()
  })
  const domain = settings.from.replace(/.*@/, '').replace(/[>\s].*$/, '')
  const { subject, text, html } = renderEmail(notice)
  try {
    const sent = await withDeadline(
      transport.sendMail({
        from: settings.from,
        to,
        subject,
        text,
        html,
        messageId: `<${referenceOf(key)}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      }),
      settings.timeoutMs,
    )
    return { result: 'done', receipt: `邮件服务器已接收：${sent.response.slice(0, 120)}`, sendId: sent.messageId }
  } catch (error) {
    return failed(error, handedOver)
  } finally {
    transport.close()
  }
}

/** A server that trickles bytes never trips the socket's own time-outs. */
async function withDeadline<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs)
  let stop = () => {}
  const late = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('deadline'))
    deadline.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, late])
  } finally {
    deadline.removeEventListener('abort', stop)
    // The loser of the race may still fail later; that is nobody's business any more.
    work.catch(() => undefined)
  }
}

function failed(error: unknown, handedOver: boolean): SendResult {
  const told =
    typeof error === 'object' && error !== null ? (error as { responseCode?: unknown; response?: unknown; code?: unknown }) : {}
  if (typeof told.responseCode === 'number') {
    const verdict = judgeMail({ code: told.responseCode, text: String(told.response ?? '') })
    if (verdict.class !== 'ok') return resultOf(verdict, NAME, String(told.responseCode))
  }
  return handedOver
    ? { result: 'unknown', reason: '邮件：内容已发完，但没有等到确认。可能已经送到，请先看对方是否收到，不要直接重发。' }
    : {
        result: 'refused',
        retry: 'later',
        afterMs: SHORT_PAUSE_MS,
        reason: `邮件：连接邮件服务器失败（${String(told.code ?? '超时')}）。邮件没有发出，稍后可以再试。`,
      }
}
