import type { App } from '../platform/app.ts'
import type { Tx } from '../platform/database.ts'
import { jsonb } from '../platform/jsonb.ts'
import { epoch } from '../platform/time.ts'
import { answerHandshake, openPush, type Push } from '../wechat/index.ts'
import { audit } from './audit.ts'
import { type AuthorisationNews, keepAuthorisationNews } from './component-news.ts'
import { makeDoorLookup, type OpenDoor } from './door-lookup.ts'
import { makeDoorRefusals } from './door-refusals.ts'
import { replyXml, sealReply } from './passive-reply.ts'
import { type Arrival, DoorIsFull, makePushBatch } from './push-batch.ts'
import { cleanText, keptOf } from './push-keeping.ts'
import { relayPush } from './relay.ts'

export type DoorRequest = {
  doorId: string
  appid?: string
  query: Record<string, string>
  /** The query as it came, for passing it on. */
  search: string
  contentType: string
}
export type DoorAnswer = { status: 200 | 400 | 403 | 413 | 503; text: string; contentType?: string }

const SUCCESS: DoorAnswer = { status: 200, text: 'success' }
const unknownDoor: DoorAnswer = { status: 403, text: '没有这个接收地址，推送未接收。请核对公众平台上填写的服务器地址。' }
const statusOf = {
  'too-large': 413,
  malformed: 400,
  undecipherable: 400,
  'wrong-signature': 403,
  stale: 403,
  'wrong-receiver': 403,
} as const

/** WeChat's way in. Answers `success` only after the push is committed; a refusal writes nothing but its audit row. */
export function makeCallbackDoor(app: App) {
  const doors = makeDoorLookup(app)
  const batch = makePushBatch(app)
  const refusals = makeDoorRefusals(app)
  const pepper = app.secrets.digest('reader-pushes')

  async function refuse(code: keyof typeof statusOf, text: string, request: DoorRequest, door?: OpenDoor): Promise<DoorAnswer> {
    await refusals.note({ doorId: request.doorId, code, ...(door ? { agencyId: door.agencyId } : {}) })
    return { status: statusOf[code], text }
  }
  async function notOurs(request: DoorRequest): Promise<DoorAnswer> {
    await refusals.note({ doorId: request.doorId, code: 'unknown-door' })
    return unknownDoor
  }

  /** `also` runs in the same transaction as the push; the door is read anew afterwards. */
  function switched(open: OpenDoor, sealed: boolean, userName: string | null): Arrival['also'] {
    const { account } = open
    if (!account) return undefined
    const learns = userName !== null && account.userName === null
    // After a release WeChat goes on pushing until a person changes the address; only a new handshake counts then.
    const opens = account.reception === 'poll' && (userName === null || !account.released)
    const seals = sealed && !account.sealedPushes && open.componentAppid === null
    if (!learns && !opens && !seals) return undefined
    return (tx) => noteFirstPush(tx, open, { userName: learns ? userName : null, opens, seals })
  }

  return {
    async handshake(request: DoorRequest): Promise<DoorAnswer> {
      const open = await doors.find(request.doorId, request.appid)
      if (!open) return notOurs(request)
      const answered = answerHandshake(open.door, request.query)
      if (!answered.ok) return refuse(answered.code, answered.reason, request, open)
      const also = switched(open, false, null)
      const refusal = also && (await committed(open, { agencyId: open.agencyId, accountId: null, kept: null, raw: null, also }))
      return refusal ?? { status: 200, text: answered.value }
    },

    async push(request: DoorRequest, body: Buffer): Promise<DoorAnswer> {
      const open = await doors.find(request.doorId, request.appid)
      if (!open) return notOurs(request)
      const opened = openPush(open.door, { query: request.query, body }, { now: open.readAt })
      if (!opened.ok) return refuse(opened.code, opened.reason, request, open)
      const push = opened.value
      const { account } = open
      if (open.componentAppid && (!account || authorisationKinds.has(push.kind)))
        return authorisationNews(open, push, request, body)
      if (!account || authorisationKinds.has(push.kind) || (account.userName && push.toUserName !== account.userName))
        return refuse('wrong-receiver', '这条推送写的是另一个公众号，未接收。请核对接收地址填在了哪个账号上。', request, open)
      const kept = keptOf(push, pepper)
      const sealed = request.query.msg_signature !== undefined
      const arrival: Arrival = {
        agencyId: open.agencyId,
        accountId: account.id,
        kept,
        raw: kept.keepsRaw ? rawOf(request, body) : null,
        also: switched(open, sealed, push.toUserName),
      }
      const relaying =
        account.reception === 'relay' && account.relayUrl
          ? relayPush(app, account.relayUrl, request.search, body, request.contentType)
          : undefined
      const refusal = await committed(open, arrival)
      if (refusal) return refusal
      if (relaying) return relayed(open, request, await relaying)
      return (await replyTo(open, push, sealed)) ?? SUCCESS
    },
    tooLarge: (request: DoorRequest) =>
      doors
        .find(request.doorId, request.appid)
        .then((open) =>
          open ? refuse('too-large', '推送内容过大（超过 64 KB），未接收，没有任何操作。', request, open) : notOurs(request),
        ),
  }

  /** Anything but an answer in time makes WeChat deliver again, which is what we want when nothing was written. */
  async function committed(open: OpenDoor, arrival: Arrival): Promise<DoorAnswer | undefined> {
    try {
      await batch.add(arrival)
      if (arrival.also) doors.forget(open.doorId)
      return undefined
    } catch (error) {
      if (!(error instanceof DoorIsFull))
        app.log.error({ error, accountId: arrival.accountId }, 'a push could not be written down')
      return { status: 503, text: '暂时写不进数据库，这条推送没有保存，请微信稍后重发。' }
    }
  }

  async function authorisationNews(open: OpenDoor, push: Push, request: DoorRequest, body: Buffer): Promise<DoorAnswer> {
    const news: AuthorisationNews = { componentAppid: open.componentAppid!, push, raw: rawOf(request, body) }
    const { agencyId } = open
    const also: Arrival['also'] = (tx, now) => keepAuthorisationNews(app, tx, now, news)
    return (await committed(open, { agencyId, accountId: null, kept: null, raw: null, also })) ?? SUCCESS
  }

  async function relayed(
    open: OpenDoor,
    request: DoorRequest,
    answer: Awaited<ReturnType<typeof relayPush>>,
  ): Promise<DoorAnswer> {
    if (answer.ok) return { status: 200, text: answer.body, contentType: answer.contentType }
    await refusals.note({ agencyId: open.agencyId, doorId: request.doorId, code: 'relay-failed', detail: answer.why })
    return SUCCESS
  }

  /** A button restored as a click is answered with what it used to say. */
  async function replyTo(open: OpenDoor, push: Push, sealed: boolean): Promise<DoorAnswer | undefined> {
    if (push.kind !== 'menu-click' || !push.key.startsWith('dingxin:')) return undefined
    const { account } = open
    const answer = open.clickAnswers.find((one) => one.key === push.key)
    if (!account || !answer) return undefined
    const atSeconds = Math.floor(epoch(open.readAt) / 1000)
    const xml = replyXml({ openid: push.fromUserName, userName: push.toUserName, atSeconds }, answer.reply)
    const text = sealed
      ? sealReply(open.door, xml, {
          timestamp: String(atSeconds),
          nonce: app.randomText(12),
          random16: Buffer.from(app.randomText(16), 'base64url'),
        })
      : xml
    return { status: 200, text, contentType: 'text/xml; charset=utf-8' }
  }
}

const rawOf = ({ search }: DoorRequest, body: Buffer) => cleanText(`${search}\n${body.toString('utf8')}`)

/** News for a platform about its accounts; an account's own door has no business with them. */
const authorisationKinds = new Set<Push['kind']>(['component-ticket', 'authorized', 'updated-authorization', 'unauthorized'])

type FirstPush = { userName: string | null; opens: boolean; seals: boolean }
async function noteFirstPush(tx: Tx, open: OpenDoor, { userName, opens, seals }: FirstPush): Promise<void> {
  const account = await tx.selectFrom('dx.accounts').selectAll().where('id', '=', open.account!.id).forUpdate().executeTakeFirst()
  if (!account) return
  const opensNow = opens && account.reception === 'poll'
  await tx
    .updateTable('dx.accounts')
    .set({
      ...(opensNow ? { reception: 'callback' } : {}),
      ...(userName && account.user_name === null ? { user_name: userName } : {}),
      ...(seals ? { abilities: jsonb({ ...(account.abilities as object), sealedPushes: true }) } : {}),
      agency_id: open.agencyId,
    })
    .where('id', '=', account.id)
    .execute()
  if (opensNow)
    await audit(tx, 'wechat-door', 'reception-changed', {
      accountId: account.id,
      from: 'poll',
      to: 'callback',
      note: `《${account.name}》的服务器地址已指向定心丸，推送开始实时接收。`,
    })
}
