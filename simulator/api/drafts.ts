import { unix } from '../clock.ts'
import { refuse } from '../errors.ts'
import { type Fields, flagAt, isFields, listAt, maybeText, numberAt } from '../json.ts'
import type { Account } from '../state/account.ts'
import { previewUrl, readArticle, readArticles } from '../state/articles.ts'
import type { Article, Draft } from '../state/content.ts'
import type { World } from '../state/world.ts'
import { type Call, type Endpoint, OK } from './call.ts'
import { page } from './paging.ts'

export const draftOf = (account: Account, mediaId: string | undefined): Draft =>
  account.drafts.get(mediaId ?? refuse(41006)) ?? refuse(40007)

export function addDraft(world: World, account: Account, articles: Article[], by: Draft['by']): Draft {
  const now = world.clock.now()
  const draft: Draft = { mediaId: world.random.letters(64), articles, createdAt: now, updatedAt: now, by }
  account.drafts.set(draft.mediaId, draft)
  return draft
}

/** A draft leaves the box when it is published, sent or deleted; afterwards draft/get says 40007. */
export function takeFromBox(account: Account, mediaId: string): void {
  const draft = account.drafts.get(mediaId)
  if (draft) account.spentDrafts.set(mediaId, draft)
  account.drafts.delete(mediaId)
}

/** An article as drafts show it: what was stored, plus an address that lives for some hours. */
function shown(world: World, draft: Draft, noContent: boolean): Fields[] {
  return draft.articles.map(({ content, ...rest }, index) => ({
    ...rest,
    ...(noContent ? {} : { content }),
    thumb_url: '',
    url: previewUrl(world, draft.mediaId, index),
  }))
}

function add({ world, account, by, body }: Call): Fields {
  const draft = addDraft(world, account, readArticles(world, account, listAt(body, 'articles')), by)
  return { media_id: draft.mediaId, item: [] }
}

function update({ world, account, body }: Call): Fields {
  const draft = draftOf(account, maybeText(body, 'media_id'))
  const index = numberAt(body, 'index', -1)
  if (!Number.isInteger(index) || index < 0 || index >= draft.articles.length) refuse(40114)
  const articles = isFields(body.articles) ? body.articles : refuse(47001)
  draft.articles = draft.articles.with(index, readArticle(world, account, articles, draft.articles.length === 1))
  draft.updatedAt = world.clock.now()
  return OK
}

function get({ world, account, body }: Call): Fields {
  return { news_item: shown(world, draftOf(account, maybeText(body, 'media_id')), false) }
}

function remove({ account, body }: Call): Fields {
  takeFromBox(account, draftOf(account, maybeText(body, 'media_id')).mediaId)
  return OK
}

function batchget({ world, account, body }: Call): Fields {
  const newestFirst = [...account.drafts.values()].reverse().sort((a, b) => b.updatedAt - a.updatedAt)
  const { items, ...counts } = page(newestFirst, body)
  const item = items.map((draft) => ({
    media_id: draft.mediaId,
    content: {
      news_item: shown(world, draft, flagAt(body, 'no_content')),
      create_time: unix(draft.createdAt),
      update_time: unix(draft.updatedAt),
    },
    update_time: unix(draft.updatedAt),
  }))
  return { ...counts, item }
}

export const drafts: Endpoint[] = [
  { path: '/cgi-bin/draft/add', method: 'POST', group: 'draft', body: 'json', handle: add },
  { path: '/cgi-bin/draft/update', method: 'POST', group: 'draft', body: 'json', handle: update },
  { path: '/cgi-bin/draft/get', method: 'POST', group: 'draft', body: 'json', handle: get },
  { path: '/cgi-bin/draft/delete', method: 'POST', group: 'draft', body: 'json', handle: remove },
  { path: '/cgi-bin/draft/batchget', method: 'POST', group: 'draft', body: 'json', handle: batchget },
  {
    path: '/cgi-bin/draft/count',
    method: 'GET',
    group: 'draft',
    handle: ({ account }) => ({ total_count: account.drafts.size }),
  },
  { path: '/cgi-bin/draft/switch', method: 'POST', group: 'draft', body: 'none', handle: () => ({ ...OK, is_open: 1 }) },
]
