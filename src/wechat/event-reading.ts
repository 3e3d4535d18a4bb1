import type { ArticleUrl, CopyrightCheck, PushBody } from './push-types.ts'
import { massStatus, publishStatus } from './statuses.ts'
import { count, moment, nested, text, textOrNull, texts, trees, type XmlTree } from './xml.ts'

/** Names are WeChat's, in its own odd mixture of cases; `LOCATION` (a report) is not `location` (a message). */
const readers: Record<string, (tree: XmlTree) => PushBody | null> = {
  subscribe: (t) => ({
    kind: 'subscribe',
    scene: text(t, 'EventKey').replace(/^qrscene_/, '') || null,
    ticket: textOrNull(t, 'Ticket'),
  }),
  unsubscribe: () => ({ kind: 'unsubscribe' }),
  SCAN: (t) => ({ kind: 'scan', scene: text(t, 'EventKey'), ticket: text(t, 'Ticket') }),
  LOCATION: (t) => ({
    kind: 'location-report',
    latitude: text(t, 'Latitude'),
    longitude: text(t, 'Longitude'),
    precision: text(t, 'Precision'),
  }),
  CLICK: (t) => ({ kind: 'menu-click', key: text(t, 'EventKey') }),
  VIEW: (t) => ({ kind: 'menu-view', url: text(t, 'EventKey'), menuId: menuId(t) }),
  view_miniprogram: (t) => ({ kind: 'menu-mini-program', path: text(t, 'EventKey'), menuId: menuId(t) }),
  scancode_push: (t) => scan(t, false),
  scancode_waitmsg: (t) => scan(t, true),
  pic_sysphoto: (t) => pictures(t, 'camera'),
  pic_photo_or_album: (t) => pictures(t, 'camera-or-album'),
  pic_weixin: (t) => pictures(t, 'album'),
  location_select: menuLocation,
  user_info_modified: (t) => privacy(t, 'modified'),
  user_authorization_revoke: (t) => privacy(t, 'revoked'),
  user_authorization_cancellation: (t) => privacy(t, 'cancelled'),
  kf_create_session: (t) => session(t, 'created'),
  kf_close_session: (t) => session(t, 'closed'),
  kf_switch_session: (t) => session(t, 'switched'),
  MASSSENDJOBFINISH: massSendFinished,
  PUBLISHJOBFINISH: publishFinished,
  FREEPUBLISHJOBFINISH: publishFinished,
  TEMPLATESENDJOBFINISH: templateFinished,
  subscribe_msg_popup_event: (t) => subscriptionAnswers(t, 'SubscribeMsgPopupEvent', 'popup'),
  subscribe_msg_change_event: (t) => subscriptionAnswers(t, 'SubscribeMsgChangeEvent', 'change'),
  subscribe_msg_sent_event: subscriptionSent,
  qualification_verify_success: (t) => standing(t, 'verified'),
  qualification_verify_fail: (t) => standing(t, 'verification-failed'),
  naming_verify_success: (t) => standing(t, 'name-verified'),
  naming_verify_fail: (t) => standing(t, 'name-failed'),
  annual_renew: (t) => standing(t, 'renewal-due'),
  verify_expired: (t) => standing(t, 'verification-expired'),
}

/** Null when a known event lacks the id it is about; an unknown event is an honest `other`. */
export function readEvent(tree: XmlTree): PushBody | null {
  const event = text(tree, 'Event')
  if (!event) return null
  return Object.hasOwn(readers, event) ? (readers[event]?.(tree) ?? null) : { kind: 'other', event }
}

const menuId = (t: XmlTree) => textOrNull(t, 'MenuId') ?? textOrNull(t, 'MenuID')

function scan(t: XmlTree, waits: boolean): PushBody {
  const info = nested(t, 'ScanCodeInfo')
  return {
    kind: 'menu-scan',
    key: text(t, 'EventKey'),
    waits,
    scanType: text(info, 'ScanType'),
    scanResult: text(info, 'ScanResult'),
  }
}

function pictures(t: XmlTree, from: 'camera' | 'camera-or-album' | 'album'): PushBody {
  const items = trees(nested(nested(t, 'SendPicsInfo'), 'PicList'), 'item')
  return { kind: 'menu-pictures', key: text(t, 'EventKey'), from, pictures: items.map((item) => text(item, 'PicMd5Sum')) }
}

function menuLocation(t: XmlTree): PushBody {
  const info = nested(t, 'SendLocationInfo')
  const place = { latitude: text(info, 'Location_X'), longitude: text(info, 'Location_Y'), scale: text(info, 'Scale') }
  return { kind: 'menu-location', key: text(t, 'EventKey'), ...place, label: text(info, 'Label'), poiName: text(info, 'Poiname') }
}

function privacy(t: XmlTree, act: 'modified' | 'revoked' | 'cancelled'): PushBody {
  const openid = text(t, 'OpenID') || text(t, 'FromUserName')
  return { kind: 'privacy', act, openid, appid: text(t, 'AppID'), revoked: texts(t, 'RevokeInfo') }
}

function session(t: XmlTree, act: 'created' | 'closed' | 'switched'): PushBody {
  const serviceAccount = text(t, 'KfAccount') || text(t, 'ToKfAccount')
  return {
    kind: 'service-session',
    act,
    serviceAccount,
    fromAccount: textOrNull(t, 'FromKfAccount'),
    closeType: textOrNull(t, 'CloseType'),
  }
}

function massSendFinished(t: XmlTree): PushBody | null {
  const msgId = text(t, 'MsgID') || text(t, 'MsgId')
  if (!msgId) return null
  return {
    kind: 'mass-send-finished',
    msgId,
    status: massStatus(text(t, 'Status')),
    counts: {
      total: count(t, 'TotalCount'),
      filtered: count(t, 'FilterCount'),
      sent: count(t, 'SentCount'),
      errors: count(t, 'ErrorCount'),
    },
    urls: urls(trees(nested(nested(t, 'ArticleUrlResult'), 'ResultList'), 'item'), 'ArticleIdx', 'ArticleUrl'),
    copyright: t.CopyrightCheckResult === undefined ? null : copyright(nested(t, 'CopyrightCheckResult')),
  }
}

function copyright(t: XmlTree): CopyrightCheck {
  const articles = trees(nested(t, 'ResultList'), 'item').map((item) => ({
    idx: count(item, 'ArticleIdx') ?? 0,
    originalUrl: text(item, 'OriginalArticleUrl'),
    declareState: count(item, 'UserDeclareState'),
    auditState: count(item, 'AuditState'),
    canReprint: text(item, 'CanReprint') === '1',
  }))
  return { checkState: count(t, 'CheckState'), articles }
}

function publishFinished(t: XmlTree): PushBody | null {
  const info = nested(t, 'PublishEventInfo')
  const publishId = text(info, 'publish_id')
  if (!publishId) return null
  return {
    kind: 'publish-finished',
    publishId,
    status: publishStatus(text(info, 'publish_status')),
    articleId: textOrNull(info, 'article_id'),
    urls: urls(trees(nested(info, 'article_detail'), 'item'), 'idx', 'article_url'),
    failedIdx: texts(info, 'fail_idx').map(Number).filter(Number.isSafeInteger),
  }
}

const urls = (items: XmlTree[], idx: string, url: string): ArticleUrl[] =>
  items.map((item) => ({ idx: count(item, idx) ?? 0, url: text(item, url) }))

/** `failed:user block` and `failed: system failed`: the space comes and goes. */
function templateFinished(t: XmlTree): PushBody | null {
  const msgId = text(t, 'MsgID') || text(t, 'MsgId')
  const said = text(t, 'Status')
  const status = said === 'success' ? 'success' : /^failed: ?user block/.test(said) ? 'blocked-by-user' : 'failed'
  return msgId ? { kind: 'template-finished', msgId, status, said } : null
}

function subscriptionAnswers(t: XmlTree, wrapper: string, act: 'popup' | 'change'): PushBody {
  const answers = trees(nested(t, wrapper), 'List').map((item) => ({
    templateId: text(item, 'TemplateId'),
    accepted: text(item, 'SubscribeStatusString') === 'accept',
    scene: textOrNull(item, 'PopupScene'),
  }))
  return { kind: 'subscription-notice', act, answers }
}

function subscriptionSent(t: XmlTree): PushBody {
  const results = trees(nested(t, 'SubscribeMsgSentEvent'), 'List').map((item) => ({
    templateId: text(item, 'TemplateId'),
    msgId: text(item, 'MsgID'),
    errorCode: count(item, 'ErrorCode'),
    errorStatus: text(item, 'ErrorStatus'),
  }))
  return { kind: 'subscription-sent', results }
}

type StandingChange = Extract<PushBody, { kind: 'standing' }>['change']
const standing = (t: XmlTree, change: StandingChange): PushBody => ({
  kind: 'standing',
  change,
  expiresAt: moment(t, 'ExpiredTime'),
  failedAt: moment(t, 'FailTime'),
  reason: textOrNull(t, 'FailReason'),
})
