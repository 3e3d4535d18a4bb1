import { expect, test } from 'vitest'
import { aSimulator } from './test-world.ts'

const world = aSimulator()

test('message channels answer behind the same port, each in its own way', async () => {
  const token = await world.raw('/wecom/cgi-bin/gettoken?corpid=nobody&corpsecret=nothing')

  expect(token.status).toBe(200)
  expect(JSON.parse(token.text)).toMatchObject({ errcode: expect.any(Number) })
  expect(world.simulator.smtp?.port).toBeGreaterThan(0)
})

test('a provider that hangs up hangs up for the caller, too', async () => {
  const ask = () =>
    world.raw('/wecom/cgi-bin/webhook/send?key=k', { method: 'POST', body: '{"msgtype":"text","text":{"content":"你好"}}' })
  await world.director('/providers/faults', { provider: 'wecom-robot', fault: 'hang-up' })

  await expect(ask()).rejects.toThrow('fetch failed')
})

test('other addresses are nobody’s', async () => {
  expect((await world.raw('/weather/today')).status).toBe(404)
  expect((await world.raw('/tsar')).status).toBe(404)
})
