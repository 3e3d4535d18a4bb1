import { accessTokens, withToken } from './access-token.ts'
import { type Answer, address, asList, asObject, asText, callProvider, postJson, referenceOf, unjudged } from './call.ts'
import type { Channel, ChannelIo, Notice, SendResult } from './channel.ts'
import { judgeDingtalk, judgeDingtalkNew } from './codes-dingtalk.ts'
import { cutToBytes, renderDingtalk } from './render.ts'
import type { ChannelSettings } from './settings.ts'
import { recipient, resultOf, staleToken, type Verdict } from './verdicts.ts'
import { errcodeOf } from './wecom-robot.ts'

const NAME = '钉钉应用'
const stale = resultOf(staleToken('令牌无效'), NAME, '40014')

/**
 * Messages of an application to one person: an interactive card where a card template is configured and there is something to
 * press, otherwise a work notice with a link.
 */
export function openDingtalkApp(settings: ChannelSettings['dingtalk-app'], io: ChannelIo): Channel {
  const tokens = accessTokens(io.now, async () => {
    const url = address(settings.baseUrl, '/gettoken', { appkey: settings.appKey, appsecret: settings.appSecret })
    const answer = await callProvider(io, { url, method: 'GET' }, settings.timeoutMs)
    if (answer.got !== 'json') return { failed: unjudged(answer, NAME) }
    const verdict = judgeDingtalk(errcodeOf(answer.body), asText(answer.body.errmsg))
    if (verdict.class !== 'ok') return { failed: resultOf(verdict, NAME, asText(answer.body.errcode)) }
    return { token: asText(answer.body.access_token), livesMs: Number(answer.body.expires_in ?? 7200) * 1000 }
  })

  const older = (token: string, path: string, body: unknown) =>
    postJson(io, address(settings.baseUrl, path, { access_token: token }), body, settings.timeoutMs)
  const newer = (token: string, method: 'POST' | 'PUT', path: string, body: unknown) =>
    callProvider(
      io,
      {
        url: address(settings.apiUrl, path),
        method,
        headers: { 'content-type': 'application/json; charset=utf-8', 'x-acs-dingtalk-access-token': token },
        body: JSON.stringify(body),
      },
      settings.timeoutMs,
    )

  const sendCard = (to: string, notice: Notice, reference: string) =>
    withToken(
      tokens,
      async (token) => {
        const answer = await newer(token, 'POST', '/v1.0/card/instances/createAndDeliver', {
          cardTemplateId: settings.cardTemplateId,
          outTrackId: reference,
          userId: to,
          cardData: { cardParamMap: cardParams(notice) },
          callbackType: settings.callbackType,
          ...(settings.callbackRouteKey ? { callbackRouteKey: settings.callbackRouteKey } : {}),
          openSpaceId: `dtv1.card//IM_ROBOT.${to}`,
          imRobotOpenSpaceModel: { supportForward: false },
          imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', ...(settings.robotCode ? { robotCode: settings.robotCode } : {}) },
        })
        return judged(answer, () => ({
          result: 'done',
          receipt: `钉钉已接收卡片 ${reference}`,
          sendId: reference,
          update: reference,
        }))
      },
      stale,
    )

  const sendWorkNotice = (to: string, notice: Notice, reference: string) =>
    withToken(
      tokens,
      async (token) => {
        const answer = await older(token, '/topapi/message/corpconversation/asyncsend_v2', {
          agent_id: settings.agentId,
          userid_list: to,
          msg: workNotice(notice, reference),
        })
        if (answer.got !== 'json') return unjudged(answer, NAME)
        const verdict = judgeDingtalk(errcodeOf(answer.body), asText(answer.body.errmsg))
        if (verdict.class === 'token') return 'stale-token'
        if (verdict.class !== 'ok') return resultOf(verdict, NAME, asText(answer.body.errcode))
        const sendId = asText(answer.body.task_id)
        return { result: 'done', receipt: `钉钉已受理工作通知 ${sendId}，是否送达需再查询`, sendId }
      },
      stale,
    )

  return {
    kind: 'dingtalk-app',
    send: (to, notice, key) =>
      settings.cardTemplateId && notice.buttons?.length
        ? sendCard(to, notice, referenceOf(key))
        : sendWorkNotice(to, notice, referenceOf(key)),
    update: (token, notice) =>
      withToken(
        tokens,
        async (accessToken) => {
          const body = {
            outTrackId: token,
            cardData: { cardParamMap: cardParams(notice) },
            cardUpdateOptions: { updateCardDataByKey: true },
          }
          return judged(await newer(accessToken, 'PUT', '/v1.0/card/instances', body), () => ({
            result: 'done',
            receipt: '卡片已更新',
          }))
        },
        stale,
      ),
    /** The result of a work notice stays empty for a while, is kept for 24 hours, and is the only place that names the refused. */
    async check(to, sendId) {
      const got = await tokens.get()
      if ('failed' in got) return 'unknown'
      const answer = await older(got.token, '/topapi/message/corpconversation/getsendresult', {
        agent_id: settings.agentId,
        task_id: sendId,
      })
      if (answer.got !== 'json' || errcodeOf(answer.body) !== 0) return 'unknown'
      const lists = asObject(answer.body.send_result) ?? {}
      const has = (name: string) => asList(lists[name]).map(asText).includes(to)
      if (has('forbidden_user_id_list') || has('invalid_user_id_list') || has('failed_user_id_list')) return 'failed'
      if (has('read_user_id_list')) return 'read'
      return has('unread_user_id_list') ? 'delivered' : 'waiting'
    },
  }
}

function judged(answer: Answer, onOk: () => SendResult): SendResult | 'stale-token' {
  if (answer.got !== 'json') return unjudged(answer, NAME)
  const code = asText(answer.body.code)
  const verdict: Verdict =
    answer.status < 300 && !code
      ? answer.body.success === false
        ? recipient('卡片没有送达')
        : { class: 'ok' }
      : judgeDingtalkNew(answer.status, code)
  if (verdict.class === 'token') return 'stale-token'
  return verdict.class === 'ok' ? onOk() : resultOf(verdict, NAME, code || String(answer.status))
}

/**
 * The same words to one person are delivered once a day and then silently dropped, so each notice ends in its own number.
 */
function workNotice(notice: Notice, reference: string): Record<string, unknown> {
  const { title, text } = renderDingtalk(notice)
  const markdown = `${text} \n\n 编号 ${reference.slice(-6)}`
  return notice.action
    ? {
        msgtype: 'action_card',
        action_card: { title, markdown, single_title: notice.action.label, single_url: notice.action.url },
      }
    : { msgtype: 'markdown', markdown: { title, text: markdown } }
}

/** The variables our card template declares; DingTalk takes only strings. */
function cardParams(notice: Notice): Record<string, string> {
  const buttons = (notice.buttons ?? []).flatMap((button, index) => [
    [`button${index + 1}Key`, button.key],
    [`button${index + 1}Label`, button.label],
  ])
  return {
    title: cutToBytes(notice.title, 400),
    text: renderDingtalk(notice).text,
    actionLabel: notice.action?.label ?? '',
    actionUrl: notice.action?.url ?? '',
    ...Object.fromEntries(buttons),
  }
}
