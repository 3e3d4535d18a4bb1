import { authorise } from './api/consent.ts'
import { iso } from './clock.ts'
import { Refusal } from './errors.ts'
import type { Outgoing } from './exchange.ts'
import type { Account } from './state/account.ts'
import type { Article, LiveArticle, Publication } from './state/content.ts'
import type { World } from './state/world.ts'

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const html = (status: number, title: string, body: string): Outgoing => ({
  status,
  type: 'text/html; charset=utf-8',
  body: Buffer.from(
    `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title></head><body>${body}</body></html>`,
  ),
})

/** Everything a browser may ask for: articles, pictures, the page where a client authorises a component. */
export function page(world: World, method: string, url: URL, body: string): Outgoing | undefined {
  const { pathname, searchParams } = url
  if (pathname === '/s' || pathname.startsWith('/s/')) return articlePage(world, url)
  if (pathname.startsWith('/mmbiz_')) return picture(world, pathname)
  if (pathname === '/cgi-bin/componentloginpage' || pathname === '/wxaopen/safe/bindcomponent') {
    return method === 'POST' ? confirm(world, searchParams, new URLSearchParams(body)) : loginPage(world, url)
  }
  return undefined
}

function articlePage(world: World, url: URL): Outgoing {
  const short = url.pathname.startsWith('/s/') ? url.pathname.slice(3) : undefined
  const tempkey = url.searchParams.get('tempkey')
  if (tempkey) return draftPage(world, tempkey)
  const mid = url.searchParams.get('mid')
  const idx = Number(url.searchParams.get('idx') ?? 1)
  for (const account of world.accounts.values()) {
    for (const publication of account.publications) {
      const index = short
        ? publication.articles.findIndex((article) => article.shortId === short)
        : String(publication.msgDataId) === mid
          ? idx - 1
          : -1
      const article = publication.articles[index]
      if (article) return live(account, publication, article)
    }
  }
  return notice('参数错误')
}

/** The page's parts carry the ids that WeChat's own page uses, so that a snapshot finds title, author and body. */
const articleHtml = (account: Account, article: Article, at: string) =>
  html(
    200,
    article.title,
    `<div id="js_article" class="rich_media"><h1 class="rich_media_title" id="activity-name">${escapeHtml(article.title)}</h1>` +
      `<div id="meta_content" class="rich_media_meta_list"><span class="rich_media_meta">${escapeHtml(article.author)}</span> ` +
      `<strong class="profile_nickname" id="js_name">${escapeHtml(account.name)}</strong> <em id="publish_time">${at}</em></div>` +
      `<div class="rich_media_content" id="js_content">${article.content}</div>` +
      (article.content_source_url ? `<a id="js_view_source" href="${escapeHtml(article.content_source_url)}">阅读原文</a>` : '') +
      `</div>`,
  )

function live(account: Account, publication: Publication, article: LiveArticle): Outgoing {
  if (article.banned) return notice('此内容因违规无法查看')
  if (article.deletedAt !== undefined) return notice('该内容已被发布者删除')
  if (account.accountStatus === 16 || account.accountStatus === 14) return notice('此账号已被封禁，内容无法查看')
  return articleHtml(account, article, iso(publication.publishedAt))
}

const notice = (text: string) =>
  html(
    200,
    '微信公众平台',
    `<div class="weui-msg"><div class="weui-msg__text-area"><h2 class="weui-msg__title">${text}</h2></div></div>`,
  )

function draftPage(world: World, tempkey: string): Outgoing {
  const dot = tempkey.lastIndexOf('.')
  for (const account of world.accounts.values()) {
    const article = account.drafts.get(tempkey.slice(0, dot))?.articles[Number(tempkey.slice(dot + 1))]
    if (article) return articleHtml(account, article, '')
  }
  return notice('链接已过期')
}

function picture(world: World, pathname: string): Outgoing | undefined {
  const [, , id = ''] = pathname.split('/')
  for (const account of world.accounts.values()) {
    const kept = account.pictures.get(id)
    if (kept) return { status: 200, type: kept.type, body: kept.bytes }
    const video = pathname.startsWith('/mmbiz_video/') ? account.materials.get(id) : undefined
    if (video) return { status: 200, type: video.contentType, body: video.bytes }
  }
  return undefined
}

function loginPage(world: World, url: URL): Outgoing {
  const preauth = world.component.preauth.get(url.searchParams.get('pre_auth_code') ?? '')
  if (!preauth || preauth.expiresAt <= world.clock.now()) return notice('授权链接已过期，请返回重新发起')
  if (url.searchParams.get('component_appid') !== world.component.appid) return notice('第三方平台不存在')
  if (!url.searchParams.get('redirect_uri')) return notice('缺少回调地址 redirect_uri')
  const wanted = url.searchParams.get('biz_appid')
  const offered = [...world.accounts.values()].filter((account) => !wanted || account.appid === wanted)
  const choices = offered.map(
    (account, place) =>
      `<p><label><input type="radio" name="appid" value="${account.appid}"${place === 0 ? ' checked' : ''}> ${escapeHtml(account.name)}（${account.kind === 'SVC' ? '服务号' : '公众号'}）</label></p>`,
  )
  const action = escapeHtml(`${url.pathname}${url.search}`)
  return html(
    200,
    '公众平台账号授权',
    `<h1>公众平台账号授权</h1><p>模拟器：以管理员身份扫码后，会看到这一页。</p><form method="post" action="${action}">${choices.join('')}<button type="submit">确认授权</button></form>`,
  )
}

function confirm(world: World, query: URLSearchParams, form: URLSearchParams): Outgoing {
  const preauth = query.get('pre_auth_code') ?? ''
  try {
    if (!world.component.preauth.delete(preauth)) return notice('授权链接已过期，请返回重新发起')
    const { auth_code, expires_in } = authorise(world, form.get('appid') ?? '', preauth)
    const back = new URL(query.get('redirect_uri') ?? '')
    back.searchParams.set('auth_code', auth_code)
    back.searchParams.set('expires_in', String(expires_in))
    return { ...html(302, '正在返回', ''), headers: { location: back.href } }
  } catch (error) {
    if (error instanceof Refusal || error instanceof TypeError) return notice('账号或回调地址不正确，请返回重新发起')
    throw error
  }
}
