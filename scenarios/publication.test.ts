import { expect, test } from 'vitest'
import type { AccountRow, PublicationRow } from '../src/contract.ts'
import { until } from './person.ts'
import { openStage } from './stage.ts'

type Call = { path: string; caller: string }

test('a scheduled article goes out once, at its time, and is not mistaken for a stranger’s', async () => {
  const stage = await openStage()
  try {
    const account = (await stage.api<AccountRow[]>('GET', '/api/v1/accounts')).find((a) => a.name === '青禾教育')!
    const goesOutAt = new Date(Date.now() + 1500).toISOString()

    await stage.api('POST', '/api/v1/publications', {
      accountId: account.id,
      title: '春季上新',
      content: '<p>新品到店。</p>',
      goesOutAt,
    })
    const find = async () =>
      (await stage.api<PublicationRow[]>('GET', '/api/v1/publications')).find((p) => p.title === '春季上新')
    await until('published', async () => (await find())?.state === 'published')
    // The poll that would take it for a stranger’s comes every three to four seconds.
    const { lastCheckedAt } = (await stage.api<AccountRow[]>('GET', '/api/v1/accounts')).find((a) => a.id === account.id)!
    await until('another look at the account', async () => {
      const row = (await stage.api<AccountRow[]>('GET', '/api/v1/accounts')).find((a) => a.id === account.id)!
      return Date.parse(row.lastCheckedAt!) - Date.parse(lastCheckedAt!) > 5000
    })

    const { calls } = await stage.sim<{ calls: Call[] }>('GET', `/_sim/calls?appid=${account.appid}&path=freepublish/submit`)
    expect(calls).toHaveLength(1)
    expect(await stage.api('GET', '/api/v1/incidents?tab=all')).toEqual([])
  } finally {
    await stage.close()
  }
})
