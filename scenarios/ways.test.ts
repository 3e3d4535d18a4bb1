import { expect, test } from 'vitest'
import type { AccountRow } from '../src/contract.ts'
import type { IncidentRow, WarRoomView } from '../src/incidents/view.ts'
import { until } from './person.ts'
import { openStage, type Stage } from './stage.ts'

type Seen = { provider: string; to: string; text: string; delivered: boolean }
const CLIENT = '13900006021'

async function givenTheft(fault: { provider: string; fault: string; times: number }) {
  const stage = await openStage()
  await stage.api('POST', '/api/v1/settings/first-word', { minutes: 0.05 })
  const account = async () => (await stage.api<AccountRow[]>('GET', '/api/v1/accounts')).find((a) => a.name === '青禾教育')!
  await until('the first look', async () => (await account()).lastCheckedAt)
  await stage.sim('POST', '/_sim/providers/faults', fault)
  await stage.sim('POST', `/_sim/accounts/${(await account()).appid}/thief/stolen`, {})
  return stage
}
const toClient = async (stage: Stage) =>
  (await stage.sim<{ messages: Seen[] }>('GET', '/_sim/providers/messages')).messages.filter((m) => m.to.endsWith(CLIENT))
const first = async (stage: Stage) => {
  const [row] = await stage.api<IncidentRow[]>('GET', '/api/v1/incidents')
  const view = row && (await stage.api<WarRoomView>('GET', `/api/v1/incidents/${row.id}`))
  return view?.messages.find((m) => m.kind === 'first')
}

test('a text message whose fate is unknown is not sent again the same way: the other supplier carries it', async () => {
  const stage = await givenTheft({ provider: 'sms-aliyun', fault: 'hang-up', times: 1 })
  try {
    await until('told', async () => (await first(stage))?.state === 'sent')

    const providers = (await toClient(stage)).map((m) => m.provider)
    expect(providers.filter((p) => p === 'sms-aliyun')).toHaveLength(1)
    expect(providers).toContain('sms-tencent')
    expect((await first(stage))?.ways.map((w) => w.result)).toEqual(['unknown', 'done'])
  } finally {
    await stage.close()
  }
})

test('a text message that the carrier could not deliver reopens the promise and the next way is used', async () => {
  const stage = await givenTheft({ provider: 'sms-aliyun', fault: 'receipt-fail:MK:0012', times: 1 })
  try {
    await until('the receipt and the second supplier', async () => {
      await stage.sim('POST', '/_sim/providers/flush', { all: true })
      return (await toClient(stage)).some((m) => m.provider === 'sms-tencent')
    })
    await until('told again', async () => (await first(stage))?.state === 'sent')

    expect((await toClient(stage)).filter((m) => m.provider === 'sms-aliyun')).toHaveLength(1)
  } finally {
    await stage.close()
  }
})
