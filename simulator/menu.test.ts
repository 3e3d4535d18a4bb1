import { expect, test } from 'vitest'
import { aSimulator } from './test-world.ts'

const world = aSimulator()
const create = async (button: unknown) => (await world.call(world.sub, '/cgi-bin/menu/create', { button })).errcode
const view = (name: string, url = 'https://client.example/') => ({ type: 'view', name, url })

test('a menu is replaced as a whole and comes back with empty lists at its leaves', async () => {
  expect(await create([view('旧')])).toBe(0)
  expect(await create([{ name: '服务', sub_button: [{ type: 'click', name: '电话', key: 'TEL' }] }, view('官网')])).toBe(0)

  expect(await world.call(world.sub, '/cgi-bin/menu/get')).toEqual({
    menu: {
      button: [
        { name: '服务', sub_button: [{ type: 'click', name: '电话', key: 'TEL', sub_button: [] }] },
        { type: 'view', name: '官网', url: 'https://client.example/', sub_button: [] },
      ],
    },
  })
  expect(await world.call(world.sub, '/cgi-bin/get_current_selfmenu_info')).toMatchObject({
    is_menu_open: 1,
    selfmenu_info: { button: [{ name: '服务', sub_button: { list: [{ type: 'click', key: 'TEL' }] } }, { name: '官网' }] },
  })
})

test('each mistake has its own code', async () => {
  expect(await create([])).toBe(40016)
  expect(await create([view('一'), view('二'), view('三'), view('四')])).toBe(40016)
  expect(await create([view('六个汉字太长')])).toBe(40018)
  expect(await create([{ type: 'fly', name: '飞' }])).toBe(40017)
  expect(await create([view('长', `https://${'a'.repeat(1024)}`)])).toBe(40020)
  expect(await create([{ type: 'click', name: '点', key: '键'.repeat(43) }])).toBe(40019)
  expect(await create([{ name: '多', sub_button: Array(6).fill(view('子')) }])).toBe(40023)
})

test('no menu is 46003, also after deleting', async () => {
  expect(await world.call(world.sub, '/cgi-bin/menu/get')).toMatchObject({ errcode: 46003 })
  await create([view('官网')])
  expect(await world.call(world.sub, '/cgi-bin/menu/delete')).toMatchObject({ errcode: 0 })
  expect(await world.call(world.sub, '/cgi-bin/menu/get')).toMatchObject({ errcode: 46003 })
  expect(await world.call(world.sub, '/cgi-bin/get_current_selfmenu_info')).toMatchObject({ is_menu_open: 0 })
})

test('a conditional menu needs a default one, fits by tag, and goes when deleted', async () => {
  const conditional = { button: [view('会员')], matchrule: { tag_id: String(world.sub.tagId) } }
  expect(await world.call(world.sub, '/cgi-bin/menu/addconditional', conditional)).toMatchObject({ errcode: 65303 })
  await create([view('官网')])
  const { menuid } = await world.call(world.sub, '/cgi-bin/menu/addconditional', conditional)
  const match = (user_id: string | undefined) => world.call(world.sub, '/cgi-bin/menu/trymatch', { user_id })

  expect(await match(world.sub.openids[0])).toMatchObject({ button: [{ name: '会员' }] })
  expect(await match(world.sub.openids[10])).toMatchObject({ button: [{ name: '官网' }] })
  expect(await world.call(world.sub, '/cgi-bin/menu/delconditional', { menuid })).toMatchObject({ errcode: 0 })
  expect(await match(world.sub.openids[0])).toMatchObject({ button: [{ name: '官网' }] })
})

test('used calls can be cleared ten times a month, and then not', async () => {
  const clear = () => world.call(world.sub, '/cgi-bin/clear_quota', { appid: world.sub.appid })
  for (let i = 0; i < 10; i++) expect(await clear()).toMatchObject({ errcode: 0 })

  expect(await clear()).toMatchObject({ errcode: 48006 })
  expect(await world.call(world.sub, '/cgi-bin/clear_quota', { appid: world.svc.appid })).toMatchObject({ errcode: 49001 })
  await world.director('/clock', { now: '2026-04-01T00:00:00+08:00' })
  expect(await clear()).toMatchObject({ errcode: 0 })
})

test('the platform’s addresses and its view of our callback can be asked', async () => {
  expect(await world.call(world.sub, '/cgi-bin/getcallbackip')).toMatchObject({ ip_list: expect.arrayContaining(['127.0.0.1']) })
  expect(await world.call(world.sub, '/cgi-bin/callback/check', { action: 'all', check_operator: 'DEFAULT' })).toMatchObject({
    errcode: 40201,
  })
  expect(await world.call(world.sub, '/cgi-bin/callback/check', { action: 'fly' })).toMatchObject({ errcode: 40202 })
})
