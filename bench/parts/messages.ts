/** One push before it is sealed, and what the product is to call it. The same number always gives the same message. */
export type Message = { kind: Kind; xml: string; platformId?: string }
export type Kind = 'mass-send-finished' | 'publish-finished' | 'text' | 'menu-view' | 'menu-click' | 'subscribe' | 'unsubscribe'
const REPORT_EVERY = 5000
export type Receiver = { userName: string; createTime: number }

/**
 * What reaches an account in the minutes after a theft: reports of things being published that nobody of ours published (one
 * in five thousand, more than a thief can send), and readers who open the menu, write, follow and leave.
 */
export function messageOf(number: number, { userName, createTime }: Receiver): Message {
  const step = number % (2 * REPORT_EVERY)
  const reader = `oBench${String(number).padStart(22, '0')}`
  const wrap = (from: string, type: string, rest: string) =>
    `<xml><ToUserName><![CDATA[${userName}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>${createTime}</CreateTime><MsgType><![CDATA[${type}]]></MsgType>${rest}</xml>`
  const event = (name: string, rest = '') => wrap(reader, 'event', `<Event><![CDATA[${name}]]></Event>${rest}`)
  const key = (value: string) => `<EventKey><![CDATA[${value}]]></EventKey>`

  if (step === 0)
    return { kind: 'mass-send-finished', platformId: massId(number), xml: wrap('omphelper', 'event', massSend(number)) }
  if (step === REPORT_EVERY)
    return { kind: 'publish-finished', platformId: publishId(number), xml: wrap('omphelper', 'event', publishing(number)) }
  const written = (words: string) =>
    wrap(reader, 'text', `<Content><![CDATA[${words}]]></Content><MsgId>${2 ** 50 + number}</MsgId>`)
  const readers: (() => Message)[] = [
    () => ({ kind: 'text', xml: written('你们的号是不是被盗了？刚才发的是什么') }),
    () => ({ kind: 'menu-view', xml: event('VIEW', `${key('https://www.example.com/courses')}<MenuId>421</MenuId>`) }),
    () => ({ kind: 'text', xml: written('在吗') }),
    () => ({ kind: 'unsubscribe', xml: event('unsubscribe', key('')) }),
    () => ({ kind: 'menu-click', xml: event('CLICK', key('CONTACT')) }),
    () => ({ kind: 'subscribe', xml: event('subscribe', key('')) }),
  ]
  return readers[number % readers.length]!()
}

const massId = (number: number) => String(3_000_000_000 + number)
const publishId = (number: number) => String(2_247_000_000 + number)

const massSend = (number: number) =>
  `<Event><![CDATA[MASSSENDJOBFINISH]]></Event><MsgID>${massId(number)}</MsgID><Status><![CDATA[send success]]></Status><TotalCount>120000</TotalCount><FilterCount>118000</FilterCount><SentCount>117950</SentCount><ErrorCount>50</ErrorCount><ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl><![CDATA[https://mp.weixin.qq.com/s/bench${number}]]></ArticleUrl></item></ResultList></ArticleUrlResult>`

const publishing = (number: number) =>
  `<Event><![CDATA[PUBLISHJOBFINISH]]></Event><PublishEventInfo><publish_id>${publishId(number)}</publish_id><publish_status>0</publish_status><article_id><![CDATA[bench-article-${number}]]></article_id><article_detail><count>1</count><item><idx>1</idx><article_url><![CDATA[https://mp.weixin.qq.com/s/bench${number}]]></article_url></item></article_detail></PublishEventInfo>`
