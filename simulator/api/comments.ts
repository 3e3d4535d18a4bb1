import { unix } from '../clock.ts'
import { refuse } from '../errors.ts'
import { type Fields, numberAt, textAt } from '../json.ts'
import type { Comment, LiveArticle } from '../state/content.ts'
import { type Call, type Endpoint, OK } from './call.ts'

const MOST_FEATURED = 100
const LONGEST_REPLY = 600

/** The article a comment call speaks of: msg_data_id and a 0-based place. */
function articleOf({ world, account, body }: Call): { article: LiveArticle; msgDataId: number; index: number } {
  if (!account.commentAbility) refuse(88000)
  const msgDataId = numberAt(body, 'msg_data_id')
  const index = numberAt(body, 'index')
  const publication = account.publications.find((one) => one.msgDataId === msgDataId)
  const usable = publication && (publication.notified || world.switches.commentsAfterFreepublish)
  return { article: (usable && publication.articles[index]) || refuse(88001), msgDataId, index }
}

function commentOf(call: Call): Comment {
  const { msgDataId, index } = articleOf(call)
  const id = numberAt(call.body, 'user_comment_id')
  const comment =
    call.account.comments.find((one) => one.id === id && one.msgDataId === msgDataId && one.index === index) ?? refuse(88008)
  if (comment.deletedByAuthor) refuse(88008)
  return comment
}

function list(call: Call): Fields {
  const { msgDataId, index } = articleOf(call)
  const count = numberAt(call.body, 'count')
  if (count < 1 || count >= 50) refuse(88010)
  const type = numberAt(call.body, 'type')
  const begin = numberAt(call.body, 'begin')
  const all = call.account.comments
    .filter((one) => one.msgDataId === msgDataId && one.index === index && !one.deletedByAuthor)
    .filter((one) => type === 0 || one.elected === (type === 2))
    .toReversed()
  return { errcode: 0, errmsg: 'ok', total: all.length, comment: all.slice(begin, begin + count).map(shown) }
}

const shown = (one: Comment): Fields => ({
  user_comment_id: one.id,
  openid: one.openid,
  create_time: unix(one.at),
  content: one.content,
  comment_type: one.elected ? 1 : 0,
  ...(one.reply ? { reply: { content: one.reply.content, create_time: unix(one.reply.at) } } : {}),
})

function open(call: Call, isOpen: boolean): Fields {
  articleOf(call).article.commentsOpen = isOpen
  return OK
}

function elect(call: Call, elected: boolean): Fields {
  const comment = commentOf(call)
  const { msgDataId, index } = comment
  const featured = call.account.comments.filter((one) => one.msgDataId === msgDataId && one.index === index && one.elected)
  if (elected && !comment.elected && featured.length >= MOST_FEATURED) refuse(88003)
  comment.elected = elected
  return OK
}

function remove(call: Call): Fields {
  const comment = commentOf(call)
  call.account.comments = call.account.comments.filter((one) => one !== comment)
  return OK
}

function reply(call: Call): Fields {
  const comment = commentOf(call)
  const content = textAt(call.body, 'content')
  if (!content || [...content].length > LONGEST_REPLY) refuse(88007)
  if (comment.reply) refuse(88005)
  comment.reply = { content, at: call.world.clock.now() }
  return OK
}

function removeReply(call: Call): Fields {
  const comment = commentOf(call)
  if (!comment.reply) refuse(88009)
  comment.reply = undefined
  return OK
}

const endpoint = (name: string, handle: Endpoint['handle']): Endpoint => ({
  path: `/cgi-bin/comment/${name}`,
  method: 'POST',
  group: 'comment',
  body: 'json',
  handle,
})
export const comments: Endpoint[] = [
  endpoint('open', (call) => open(call, true)),
  endpoint('close', (call) => open(call, false)),
  endpoint('list', list),
  endpoint('markelect', (call) => elect(call, true)),
  endpoint('unmarkelect', (call) => elect(call, false)),
  endpoint('delete', remove),
  endpoint('reply/add', reply),
  endpoint('reply/delete', removeReply),
]
