import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import { readPush } from './push-reading.ts'
import type { Push } from './push-types.ts'
import { massErrorMeaning, massStatus } from './statuses.ts'
import { parseXml } from './xml.ts'

const HEAD = '<ToUserName>gh_1</ToUserName><FromUserName>oReader</FromUserName><CreateTime>1763811064</CreateTime>'

function read(inside: string): Push | null {
  const reading = parseXml(`<xml>${inside}</xml>`)
  assert.ok(reading.ok)
  return readPush(reading.tree)
}

/** What is particular to a push, without the head that all share. */
function body(inside: string) {
  const push = read(HEAD + inside)
  assert.ok(push)
  const { dedupeKey, createdAt, toUserName, fromUserName, ...rest } = push
  assert.deepEqual([createdAt, toUserName, fromUserName], ['2025-11-22T11:31:04.000Z', 'gh_1', 'oReader'])
  assert.ok(dedupeKey.length > 10)
  return rest
}

const message = (type: string, inside: string) => body(`<MsgType>${type}</MsgType><MsgId>4561255354251345929</MsgId>${inside}`)
const event = (name: string, inside = '') => body(`<MsgType>event</MsgType><Event>${name}</Event>${inside}`)
const keyOf = (inside: string) => read(HEAD + inside)?.dedupeKey
const msg = { msgId: '4561255354251345929', fromArticle: null }

describe('messages', () => {
  test('a text says which article its writer came from', () => {
    assert.deepEqual(
      message('text', '<Content>hi</Content><MsgDataId>2650000001</MsgDataId><Idx>2</Idx><bizmsgmenuid>101</bizmsgmenuid>'),
      {
        ...msg,
        kind: 'text',
        content: 'hi',
        menuAnswer: '101',
        fromArticle: { msgDataId: '2650000001', idx: 2 },
      },
    )
  })

  const shapes: [string, string, object][] = [
    ['image', '<PicUrl>http://p</PicUrl><MediaId>m</MediaId>', { kind: 'image', mediaId: 'm', pictureUrl: 'http://p' }],
    ['voice', '<MediaId>m</MediaId><Format>amr</Format>', { kind: 'voice', mediaId: 'm', format: 'amr', recognition: null }],
    [
      'video',
      '<MediaId>m</MediaId><ThumbMediaId>t</ThumbMediaId>',
      { kind: 'video', mediaId: 'm', thumbMediaId: 't', short: false },
    ],
    [
      'shortvideo',
      '<MediaId>m</MediaId><ThumbMediaId>t</ThumbMediaId>',
      { kind: 'video', mediaId: 'm', thumbMediaId: 't', short: true },
    ],
    [
      'location',
      '<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Scale>20</Scale><Label>广州</Label>',
      { kind: 'location', latitude: '23.1', longitude: '113.3', scale: '20', label: '广州' },
    ],
    [
      'link',
      '<Title>t</Title><Description>d</Description><Url>u</Url>',
      { kind: 'link', title: 't', description: 'd', url: 'u' },
    ],
    ['hologram', '', { kind: 'other-message', messageType: 'hologram' }],
  ]
  test.each(shapes)('%s keeps its own fields', (type, inside, expected) => {
    assert.deepEqual(message(type, inside), { ...msg, ...expected })
  })
})

describe('what followers do', () => {
  const shapes: [string, string, object][] = [
    ['subscribe', '<EventKey></EventKey>', { kind: 'subscribe', scene: null, ticket: null }],
    ['subscribe', '<EventKey>qrscene_42</EventKey><Ticket>T</Ticket>', { kind: 'subscribe', scene: '42', ticket: 'T' }],
    ['unsubscribe', '<EventKey/>', { kind: 'unsubscribe' }],
    ['SCAN', '<EventKey>42</EventKey><Ticket>T</Ticket>', { kind: 'scan', scene: '42', ticket: 'T' }],
    [
      'LOCATION',
      '<Latitude>1.5</Latitude><Longitude>2.5</Longitude><Precision>9</Precision>',
      { kind: 'location-report', latitude: '1.5', longitude: '2.5', precision: '9' },
    ],
    ['CLICK', '<EventKey>k</EventKey>', { kind: 'menu-click', key: 'k' }],
    ['VIEW', '<EventKey>https://a</EventKey><MenuId>9</MenuId>', { kind: 'menu-view', url: 'https://a', menuId: '9' }],
    ['view_miniprogram', '<EventKey>p/q</EventKey>', { kind: 'menu-mini-program', path: 'p/q', menuId: null }],
    [
      'scancode_waitmsg',
      '<EventKey>k</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo>',
      { kind: 'menu-scan', key: 'k', waits: true, scanType: 'qrcode', scanResult: '1' },
    ],
    ['scancode_push', '<EventKey>k</EventKey>', { kind: 'menu-scan', key: 'k', waits: false, scanType: '', scanResult: '' }],
    [
      'pic_sysphoto',
      '<EventKey>k</EventKey><SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item></PicList></SendPicsInfo>',
      { kind: 'menu-pictures', key: 'k', from: 'camera', pictures: ['a'] },
    ],
    [
      'pic_weixin',
      '<EventKey>k</EventKey><SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item><item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>',
      { kind: 'menu-pictures', key: 'k', from: 'album', pictures: ['a', 'b'] },
    ],
    [
      'pic_photo_or_album',
      '<EventKey>k</EventKey><SendPicsInfo><Count>0</Count><PicList/></SendPicsInfo>',
      { kind: 'menu-pictures', key: 'k', from: 'camera-or-album', pictures: [] },
    ],
    [
      'location_select',
      '<EventKey>k</EventKey><SendLocationInfo><Location_X>1</Location_X><Location_Y>2</Location_Y><Scale>15</Scale><Label>L</Label><Poiname/></SendLocationInfo>',
      { kind: 'menu-location', key: 'k', latitude: '1', longitude: '2', scale: '15', label: 'L', poiName: '' },
    ],
    [
      'user_authorization_revoke',
      '<OpenID>oX</OpenID><AppID>wx1</AppID><RevokeInfo>1</RevokeInfo><RevokeInfo>201</RevokeInfo>',
      { kind: 'privacy', act: 'revoked', openid: 'oX', appid: 'wx1', revoked: ['1', '201'] },
    ],
    ['user_info_modified', '', { kind: 'privacy', act: 'modified', openid: 'oReader', appid: '', revoked: [] }],
    [
      'user_authorization_cancellation',
      '<OpenID>oX</OpenID>',
      { kind: 'privacy', act: 'cancelled', openid: 'oX', appid: '', revoked: [] },
    ],
    [
      'kf_create_session',
      '<KfAccount>a@b</KfAccount>',
      { kind: 'service-session', act: 'created', serviceAccount: 'a@b', fromAccount: null, closeType: null },
    ],
    [
      'kf_switch_session',
      '<FromKfAccount>a@b</FromKfAccount><ToKfAccount>c@b</ToKfAccount>',
      { kind: 'service-session', act: 'switched', serviceAccount: 'c@b', fromAccount: 'a@b', closeType: null },
    ],
    [
      'kf_close_session',
      '<KfAccount>a@b</KfAccount><CloseType>KF</CloseType>',
      { kind: 'service-session', act: 'closed', serviceAccount: 'a@b', fromAccount: null, closeType: 'KF' },
    ],
    ['something_new_of_2027', '<EventKey>x</EventKey>', { kind: 'other', event: 'something_new_of_2027' }],
    ['toString', '', { kind: 'other', event: 'toString' }],
  ]
  test.each(shapes)('%s %s', (name, inside, expected) => {
    assert.deepEqual(event(name, inside), expected)
  })
})

describe('how a mass send ended', () => {
  const counts =
    '<TotalCount>18342</TotalCount><FilterCount>18209</FilterCount><SentCount>18209</SentCount><ErrorCount>0</ErrorCount>'
  const url = (n: number) => `<item><ArticleIdx>${n}</ArticleIdx><ArticleUrl>http://a/${n}</ArticleUrl></item>`
  const finished = (inside: string) =>
    event('MASSSENDJOBFINISH', `<MsgID>3147504593</MsgID><Status>send success</Status>${counts}${inside}`)

  test('with one article, with two, and in old accounts with none named', () => {
    const urls = (inside: string) => (finished(inside) as { urls: unknown }).urls
    const results = (items: string) => `<ArticleUrlResult><Count>1</Count><ResultList>${items}</ResultList></ArticleUrlResult>`

    assert.deepEqual(urls(results(url(1))), [{ idx: 1, url: 'http://a/1' }])
    assert.deepEqual(urls(results(url(1) + url(2))), [
      { idx: 1, url: 'http://a/1' },
      { idx: 2, url: 'http://a/2' },
    ])
    assert.deepEqual(urls(results('')), [])
    assert.deepEqual(urls(''), [])
  })

  test('with its counts and its copyright check', () => {
    const check =
      '<CopyrightCheckResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx><UserDeclareState>0</UserDeclareState><AuditState>2</AuditState><OriginalArticleUrl>http://o</OriginalArticleUrl><CanReprint>1</CanReprint></item></ResultList><CheckState>2</CheckState></CopyrightCheckResult>'
    assert.deepEqual(finished(check), {
      kind: 'mass-send-finished',
      msgId: '3147504593',
      status: 'success',
      counts: { total: 18342, filtered: 18209, sent: 18209, errors: 0 },
      urls: [],
      copyright: {
        checkState: 2,
        articles: [{ idx: 1, originalUrl: 'http://o', declareState: 0, auditState: 2, canReprint: true }],
      },
    })
  })

  test('without counts they are unknown, not zero', () => {
    const push = event('MASSSENDJOBFINISH', '<MsgID>1000000037</MsgID><Status>err(40002)</Status>')
    assert.deepEqual(push, {
      kind: 'mass-send-finished',
      msgId: '1000000037',
      status: { err: 40002 },
      counts: { total: null, filtered: null, sent: null, errors: null },
      urls: [],
      copyright: null,
    })
    assert.match(massErrorMeaning(40002) ?? '', /30 分钟/)
  })

  test('with a status nobody has seen, which is never taken for success', () => {
    assert.deepEqual(
      [massStatus('send success'), massStatus('send fail'), massStatus('err(20008)')],
      ['success', 'fail', { err: 20008 }],
    )
    assert.deepEqual(massStatus('send maybe'), { unrecognised: 'send maybe' })
  })

  test('without its id it is malformed', () => {
    assert.equal(read(`${HEAD}<MsgType>event</MsgType><Event>MASSSENDJOBFINISH</Event><Status>send success</Status>`), null)
  })
})

describe('how a publication ended', () => {
  const finished = (inside: string, name = 'PUBLISHJOBFINISH') =>
    event(name, `<PublishEventInfo><publish_id>2247487744</publish_id>${inside}</PublishEventInfo>`)
  const item = (n: number) => `<item><idx>${n}</idx><article_url>http://a/${n}</article_url></item>`
  const detail = (items: string) => `<article_detail><count>2</count>${items}</article_detail>`

  test.each(['PUBLISHJOBFINISH', 'FREEPUBLISHJOBFINISH'])('under the name %s, with its articles', (name) => {
    const published = finished(`<publish_status>0</publish_status><article_id>A1</article_id>${detail(item(1) + item(2))}`, name)
    assert.deepEqual(published, {
      kind: 'publish-finished',
      publishId: '2247487744',
      status: 'published',
      articleId: 'A1',
      urls: [
        { idx: 1, url: 'http://a/1' },
        { idx: 2, url: 'http://a/2' },
      ],
      failedIdx: [],
    })
  })

  test('with one article and with none', () => {
    const urls = (items: string) =>
      (finished(`<publish_status>0</publish_status>${detail(items)}`) as { urls: unknown[] }).urls.length
    assert.deepEqual([urls(item(1)), urls('')], [1, 0])
  })

  test('naming the articles that failed: one, several or none', () => {
    const failed = (inside: string) =>
      (finished(`<publish_status>2</publish_status>${inside}`) as { failedIdx: number[] }).failedIdx
    assert.deepEqual(failed('<fail_idx>1</fail_idx><fail_idx>3</fail_idx>'), [1, 3])
    assert.deepEqual(failed('<fail_idx>2</fail_idx>'), [2])
    assert.deepEqual(failed(''), [])
  })

  test('in each of its seven ways, and one unknown', () => {
    const status = (n: number) => (finished(`<publish_status>${n}</publish_status>`) as { status: unknown }).status
    assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7].map(status), [
      'published',
      'in-progress',
      'originality-failed',
      'failed',
      'review-refused',
      'deleted-by-user',
      'banned-by-platform',
      { unrecognised: '7' },
    ])
  })
})

describe('notices', () => {
  test('a template message says whether its reader blocked us, with or without the odd space', () => {
    const status = (said: string) =>
      (event('TEMPLATESENDJOBFINISH', `<MsgID>4561255354251345929</MsgID><Status>${said}</Status>`) as { status: string }).status
    assert.deepEqual(['success', 'failed:user block', 'failed: user block', 'failed: system failed'].map(status), [
      'success',
      'blocked-by-user',
      'blocked-by-user',
      'failed',
    ])
  })

  test('answers to a request for consent, one or two of them', () => {
    const one =
      '<List><TemplateId>t1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>2</PopupScene></List>'
    const two = '<List><TemplateId>t2</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List>'
    const answers = (lists: string) =>
      event('subscribe_msg_popup_event', `<SubscribeMsgPopupEvent>${lists}</SubscribeMsgPopupEvent>`)

    assert.deepEqual(answers(one), {
      kind: 'subscription-notice',
      act: 'popup',
      answers: [{ templateId: 't1', accepted: true, scene: '2' }],
    })
    assert.deepEqual((answers(one + two) as { answers: unknown[] }).answers[1], {
      templateId: 't2',
      accepted: false,
      scene: null,
    })
    assert.deepEqual((answers('') as { answers: unknown[] }).answers, [])
    assert.equal(event('subscribe_msg_change_event', '<SubscribeMsgChangeEvent/>').kind, 'subscription-notice')
  })

  test('how a subscribed message went', () => {
    const list =
      '<List><TemplateId>t1</TemplateId><MsgID>1700827132819554304</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List>'
    assert.deepEqual(event('subscribe_msg_sent_event', `<SubscribeMsgSentEvent>${list}</SubscribeMsgSentEvent>`), {
      kind: 'subscription-sent',
      results: [{ templateId: 't1', msgId: '1700827132819554304', errorCode: 0, errorStatus: 'success' }],
    })
  })
})

test('the six events about the standing of an account', () => {
  const at = '2025-11-22T11:31:04.000Z'
  const standing = (name: string, inside: string) => {
    const push = event(name, inside)
    return push.kind === 'standing' ? [push.change, push.expiresAt, push.failedAt, push.reason] : push
  }
  const expires = '<ExpiredTime>1763811064</ExpiredTime>'
  const failed = '<FailTime>1763811064</FailTime><FailReason>资料不全</FailReason>'

  assert.deepEqual(standing('qualification_verify_success', expires), ['verified', at, null, null])
  assert.deepEqual(standing('qualification_verify_fail', failed), ['verification-failed', null, at, '资料不全'])
  assert.deepEqual(standing('naming_verify_success', expires), ['name-verified', at, null, null])
  assert.deepEqual(standing('naming_verify_fail', failed), ['name-failed', null, at, '资料不全'])
  assert.deepEqual(standing('annual_renew', expires), ['renewal-due', at, null, null])
  assert.deepEqual(standing('verify_expired', expires), ['verification-expired', at, null, null])
})

describe('news about authorisations', () => {
  const info = (type: string, inside: string) =>
    read(`<AppId>wxC</AppId><CreateTime>1763811064</CreateTime><InfoType>${type}</InfoType>${inside}`)
  const granted =
    '<AuthorizerAppid>wxA</AuthorizerAppid><AuthorizationCode>code</AuthorizationCode><AuthorizationCodeExpiredTime>1763814664</AuthorizationCodeExpiredTime><PreAuthCode>pre</PreAuthCode>'
  const head = { createdAt: '2025-11-22T11:31:04.000Z', toUserName: 'wxC', fromUserName: '' }

  test('granted, changed, withdrawn', () => {
    const given = {
      ...head,
      appid: 'wxA',
      authorizationCode: 'code',
      codeExpiresAt: '2025-11-22T12:31:04.000Z',
      preAuthCode: 'pre',
    }
    const key = (type: string) => ({ dedupeKey: `component:wxC:${type}:1763811064:wxA` })

    assert.deepEqual(info('authorized', granted), { ...given, ...key('authorized'), kind: 'authorized' })
    assert.deepEqual(info('updateauthorized', granted), { ...given, ...key('updateauthorized'), kind: 'updated-authorization' })
    assert.deepEqual(info('unauthorized', '<AuthorizerAppid>wxA</AuthorizerAppid>'), {
      ...head,
      ...key('unauthorized'),
      kind: 'unauthorized',
      appid: 'wxA',
    })
  })

  test('an unknown kind is let through by its name, an incomplete one is not', () => {
    assert.equal(info('notify_third_fasteregister', '')?.kind, 'other')
    assert.equal(info('authorized', ''), null)
    assert.equal(info('component_verify_ticket', ''), null)
  })
})

describe('the key by which repeated deliveries are recognised', () => {
  const eventKey = (name: string, inside: string) => keyOf(`<MsgType>event</MsgType><Event>${name}</Event>${inside}`)

  test('is the same for each delivery of one message and differs between two', () => {
    const text = (id: number) => keyOf(`<MsgType>text</MsgType><Content>same</Content><MsgId>${id}</MsgId>`)
    assert.equal(text(1), text(1))
    assert.notEqual(text(1), text(2))
  })

  test('tells two clicks of one person in one second apart', () => {
    assert.notEqual(eventKey('CLICK', '<EventKey>a</EventKey>'), eventKey('CLICK', '<EventKey>b</EventKey>'))
    assert.notEqual(eventKey('CLICK', '<EventKey>a</EventKey>'), eventKey('VIEW', '<EventKey>a</EventKey>'))
  })

  test('tells two publications, and two reports about one, apart', () => {
    const published = (id: number, status: number) =>
      eventKey(
        'PUBLISHJOBFINISH',
        `<PublishEventInfo><publish_id>${id}</publish_id><publish_status>${status}</publish_status></PublishEventInfo>`,
      )
    assert.equal(new Set([published(1, 0), published(2, 0), published(1, 6), published(1, 0)]).size, 3)
  })
})

test('a push without a time, a receiver or a kind is malformed', () => {
  assert.equal(read('<ToUserName>gh_1</ToUserName><MsgType>text</MsgType><MsgId>1</MsgId>'), null)
  assert.equal(read('<CreateTime>1763811064</CreateTime><MsgType>text</MsgType><MsgId>1</MsgId>'), null)
  assert.equal(read(HEAD), null)
  assert.equal(read(`${HEAD}<MsgType>text</MsgType><Content>no id</Content>`), null)
  assert.equal(read(`${HEAD}<MsgType>event</MsgType>`), null)
})
