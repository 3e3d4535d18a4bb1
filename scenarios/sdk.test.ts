import { readFileSync } from 'node:fs'
import path from 'node:path'
import API from 'co-wechat-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator/simulator.ts'

// The simulator and the product were written from the same facts and could be wrong together. An SDK that other people wrote
// against the real WeChat knows nothing of us: what it asks and what it understands must fit.

const picture = path.join(import.meta.dirname, '../fixtures/cover.png')

/** Drafts are younger than the SDK. Its own way of being extended, with its token, its errors and its second try. */
const postTo = (where: string) =>
  async function (this: API, body: object) {
    const { accessToken } = await this.ensureAccessToken()
    return this.request(`${this.prefix}${where}?access_token=${accessToken}`, {
      dataType: 'json',
      method: 'POST',
      data: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    })
  }
type Extended = API &
  Record<'draftAdd' | 'draftGet' | 'freepublishSubmit' | 'freepublishGet', (body: object) => Promise<Record<string, unknown>>>
API.mixin({
  draftAdd: postTo('draft/add'),
  draftGet: postTo('draft/get'),
  freepublishSubmit: postTo('freepublish/submit'),
  freepublishGet: postTo('freepublish/get'),
})

let wechat: Simulator

beforeAll(async () => {
  wechat = await startSimulator({ seed: 'sdk' })
})
afterAll(() => wechat.close())

function anSdk(account = 0, secret?: string): Extended {
  const card = wechat.accounts[account]!
  const sdk = new API(card.appid, secret ?? card.secret) as Extended
  sdk.prefix = `${wechat.url}/cgi-bin/`
  return sdk
}
async function sim<T>(where: string, body?: object): Promise<T> {
  const answer = await fetch(`${wechat.url}/_sim${where}`, body ? { method: 'POST', body: JSON.stringify(body) } : {})
  return (await answer.json()) as T
}
const callsTo = async (where: string) =>
  (await sim<{ calls: { errcode: number | null }[] }>(`/calls?path=${where}`)).calls.map((call) => call.errcode ?? 0)

test('it gets a token, keeps it, and asks no second time', async () => {
  const sdk = anSdk()

  const { accessToken, expireTime } = await sdk.getAccessToken()

  expect(accessToken).toMatch(/^\S{32,}$/)
  expect(expireTime - performance.timeOrigin).toBeGreaterThan(7_000_000)
  expect((await sdk.ensureAccessToken()).accessToken).toBe(accessToken)
  expect(((await sdk.getIp()).ip_list as string[])[0]).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
})

test('a wrong secret reaches the caller as the error the SDK promises', async () => {
  await expect(anSdk(0, 'f'.repeat(32)).getFollowers()).rejects.toMatchObject({
    name: 'WeChatAPIError',
    code: 40125,
    message: expect.stringMatching(/^invalid appsecret.*rid: /),
  })
})

test('a token that somebody else replaced is noticed, and the SDK’s second try goes through', async () => {
  const sdk = anSdk()
  await sdk.getFollowers()
  await anSdk().getAccessToken()
  await sim('/clock', { advanceMs: 600_000 })

  expect((await sdk.getFollowers()).total).toBe(20)

  expect((await callsTo('user/get')).slice(-2)).toEqual([40001, 0])
})

test('a token that ran out is noticed, and the SDK’s second try goes through', async () => {
  const sdk = anSdk()
  await sdk.getFollowers()
  await sim('/clock', { advanceMs: 7_300_000 })

  expect((await sdk.getFollowers()).total).toBe(20)

  expect((await callsTo('user/get')).slice(-2)).toEqual([42001, 0])
})

test('a menu is made, read as it was made, shown to phones, and taken away', async () => {
  const sdk = anSdk()
  const button = [
    { type: 'view', name: '官网', url: 'https://www.example.com/' },
    { name: '服务', sub_button: [{ type: 'click', name: '客服', key: 'help' }] },
  ]

  expect(await sdk.createMenu({ button })).toMatchObject({ errcode: 0 })

  expect(await sdk.getMenu()).toMatchObject({ menu: { button } })
  expect(await sdk.getMenuConfig()).toMatchObject({
    is_menu_open: 1,
    selfmenu_info: { button: [{ name: '官网' }, { name: '服务', sub_button: { list: [{ name: '客服' }] } }] },
  })
  expect(await sdk.removeMenu()).toMatchObject({ errcode: 0 })
  await expect(sdk.getMenu()).rejects.toMatchObject({ name: 'WeChatAPIError', code: 46003 })
})

test('a menu with a name too long is refused in the SDK’s way', async () => {
  await expect(
    anSdk().createMenu({ button: [{ type: 'view', name: '字'.repeat(40), url: 'https://www.example.com/' }] }),
  ).rejects.toMatchObject({ name: 'WeChatAPIError', code: 40018 })
})

test('followers are listed, looked at, remarked and tagged', async () => {
  const sdk = anSdk()
  const { total, data } = (await sdk.getFollowers()) as { total: number; data: { openid: string[] } }
  const [first, second] = data.openid as [string, string]

  expect(total).toBe(data.openid.length)
  await sdk.updateRemark(first, '老读者')
  expect(await sdk.getUser(first)).toMatchObject({ subscribe: 1, openid: first, remark: '老读者' })
  expect((await sdk.batchGetUsers([first, second])).user_info_list).toHaveLength(2)
  const { tag } = (await sdk.createTags('常来')) as { tag: { id: number } }
  await sdk.batchTagging([first, second], tag.id)
  expect(((await sdk.getTags()).tags as object[]).map((one) => (one as { name: string; count: number }).name)).toContain('常来')
  expect(await sdk.getUsersFromTag(tag.id)).toMatchObject({ count: 2, data: { openid: [first, second] } })
  expect(await sdk.getIdList(first)).toMatchObject({ tagid_list: expect.arrayContaining([tag.id]) })
  await sdk.deleteTag(tag.id)
  expect(await sdk.getIdList(first)).not.toMatchObject({ tagid_list: expect.arrayContaining([tag.id]) })
  await expect(sdk.getUser('o-nobody')).rejects.toMatchObject({ name: 'WeChatAPIError', code: 40003 })
})

test('a picture is kept as material, counted, listed, fetched byte for byte, and removed', async () => {
  const sdk = anSdk()

  const { media_id, url } = (await sdk.uploadImageMaterial(picture)) as { media_id: string; url: string }

  expect(url).toMatch(/^http/)
  expect(await sdk.getMaterialCount()).toMatchObject({ image_count: 1 })
  expect(await sdk.getMaterials('image', 0, 20)).toMatchObject({ total_count: 1, item: [{ media_id }] })
  expect(Buffer.from((await sdk.getMaterial(media_id)) as Uint8Array)).toEqual(readFileSync(picture))
  await sdk.removeMaterial(media_id)
  expect(await sdk.getMaterialCount()).toMatchObject({ image_count: 0 })
})

test('a draft is made with an uploaded cover and published without notice', async () => {
  const sdk = anSdk()
  const { media_id: thumb_media_id } = await sdk.uploadImageMaterial(picture)
  const { url } = (await sdk.uploadImage(picture)) as { url: string }

  const { media_id } = await sdk.draftAdd({
    articles: [{ title: '春季上新', content: `<p><img src="${url}">今晚见。</p>`, thumb_media_id }],
  })

  expect(await sdk.draftGet({ media_id })).toMatchObject({
    news_item: [{ title: '春季上新', content: expect.stringContaining('今晚见') }],
  })
  const { publish_id } = await sdk.freepublishSubmit({ media_id })
  await sim('/clock', { advanceMs: 60_000 })
  expect(await sdk.freepublishGet({ publish_id })).toMatchObject({ publish_status: 0, article_detail: { count: 1 } })
})

test('a mass send goes out once: the same id again is refused with the error the SDK knows', async () => {
  const sdk = anSdk(3)

  const sent = await sdk.massSendText('今晚八点直播', true, 'spring-2026-1')

  expect(sent).toMatchObject({ errcode: 0 })
  await sim('/clock', { advanceMs: 60_000 })
  expect(await sdk.getMassMessageStatus(String(sent.msg_id))).toMatchObject({ msg_status: 'SEND_SUCCESS' })
  await expect(sdk.massSendText('今晚八点直播', true, 'spring-2026-1')).rejects.toMatchObject({
    name: 'WeChatAPIError',
    code: 45065,
  })
})

test('an account without the right is told so', async () => {
  await expect(anSdk(2).massSendText('试一下', true)).rejects.toMatchObject({ name: 'WeChatAPIError', code: 48001 })
})
