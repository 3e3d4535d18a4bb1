import { expect, test } from 'vitest'
import { admins, anyStaff, everyRole } from '../platform/access.ts'
import { clientAddress, isFromThisMachine } from './client-address.ts'
import { permissionTable, rolesFor } from './permissions.ts'
import { deviceName } from './sessions.ts'
import { wayOf } from './ways.ts'

const row = (words: string) => permissionTable().rows.find((each) => each.what.includes(words))!

test('the settings page says what the doors do: only admins add people, editors do not speak to clients', () => {
  expect(row('加人').allowed).toEqual({ admin: true, lead: false, 'account-manager': false, editor: false, duty: false })
  expect(row('发消息给客户').allowed).toMatchObject({ duty: true, 'account-manager': true, editor: false })
  expect(row('接手事件').allowed).toEqual(Object.fromEntries(everyRole.map((role) => [role, true])))
})

test('a personal link is enough to take over and do steps, for nothing else', () => {
  expect(
    permissionTable()
      .rows.filter((each) => each.byPersonalLink)
      .map((each) => each.what),
  ).toEqual([row('接手事件').what])
})

test('a page that says no names who can help', () => {
  expect(rolesFor(admins)).toBe('管理员')
  expect(rolesFor(anyStaff).split('、')).toHaveLength(everyRole.length)
})

test('a device is named the way its owner would', () => {
  expect(deviceName('Mozilla/5.0 (Linux; Android 15) Chrome/130 wxwork/4.1 MicroMessenger/7.0')).toBe('企业微信 · Android 手机')
  expect(deviceName('Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/130 Safari/537 Edg/130')).toBe('Edge · Windows 电脑')
  expect(deviceName('curl/8')).toBe('未知设备')
})

test('only a caller on this machine, and not through a proxy, counts as local', () => {
  const none = new Headers()
  expect(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'].map((peer) => isFromThisMachine(none, peer))).toEqual([
    true,
    true,
    true,
    true,
  ])
  expect(['10.0.0.1', '::ffff:10.0.0.1', '1270.0.0.1.example', undefined].map((peer) => isFromThisMachine(none, peer))).toEqual([
    false,
    false,
    false,
    false,
  ])
  expect(isFromThisMachine(new Headers({ 'x-forwarded-for': '127.0.0.1' }), '127.0.0.1')).toBe(false)
})

test('behind a proxy the address counts that the proxy itself saw', () => {
  const headers = new Headers({ 'x-forwarded-for': '6.6.6.6, 198.51.100.7' })

  expect(clientAddress(headers, '127.0.0.1', 'x-forwarded-for')).toBe('198.51.100.7')
  expect(clientAddress(headers, '::ffff:203.0.113.9')).toBe('203.0.113.9')
})

test('each kind of channel belongs to one way, and those for clients to none', () => {
  expect(
    ['wecom-app', 'feishu-app', 'dingtalk-robot', 'sms-tencent', 'voice-aliyun', 'email', 'wecom-customers'].map(wayOf),
  ).toEqual(['app', 'app', 'group', 'sms', 'voice', 'email', undefined])
})
