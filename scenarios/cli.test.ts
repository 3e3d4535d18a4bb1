import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { IncidentRow } from '../src/incidents/view.ts'
import { makePerson, until } from './person.ts'
import { openStage, type Stage } from './stage.ts'

const cli = (stage: Stage, ...words: string[]) =>
  spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, '../src/cli.ts'), ...words],
    {
      encoding: 'utf8',
      env: { ...process.env, DINGXIN_HOME: stage.home },
    },
  )

test('from an empty installation: the first administrator, one account by the command line, and a theft on it is seen', async () => {
  const stage = await openStage({ DINGXIN_DEMO: '0' })
  try {
    const setup = /\/setup\/(\S+)/.exec(stage.log())![1]!
    const wang = makePerson(stage.url, 'Mozilla/5.0 (X11; Linux x86_64) Chrome/130')
    const fields = { agencyName: '远航托管', name: '王岚', email: 'wang@yuanhang.example', password: 'correct-horse-battery' }
    expect((await wang.post(`/setup/${setup}`, fields)).status).toBe(303)

    const [, account] = stage.simulator.facts.accounts
    const words = ['--appid', account!.appid, '--secret', account!.secret, '--base-url', stage.simulator.facts.url]
    const connected = cli(stage, 'accounts', 'connect', ...words, '--json')
    expect(connected.status, connected.stderr).toBe(0)
    const { callbackUrl, token, aesKey } = JSON.parse(connected.stdout) as Record<string, string>
    await stage.sim('POST', `/_sim/accounts/${account!.appid}/callback`, { url: callbackUrl, token, aesKey, mode: 'safe' })
    await stage.sim('POST', `/_sim/accounts/${account!.appid}/thief/stolen`, {})

    const rows = await until('an incident', async () => {
      const found = await wang.json<IncidentRow[]>('/api/v1/incidents')
      return found.length > 0 ? found : undefined
    })
    expect(rows).toHaveLength(1)
  } finally {
    await stage.close()
  }
})

test('a wrong secret, a missing word and a stopped service each get a sentence that says what to do', async () => {
  const stage = await openStage()
  try {
    const [account] = stage.simulator.facts.accounts
    const wrong = cli(
      stage,
      'accounts',
      'connect',
      '--appid',
      account!.appid,
      '--secret',
      '0'.repeat(32),
      '--base-url',
      stage.simulator.facts.url,
    )
    expect([wrong.status, wrong.stdout]).toEqual([1, ''])
    expect(wrong.stderr).toMatch(/没能接入/)
    expect(cli(stage, 'accounts', 'connect', '--appid', account!.appid)).toMatchObject({ status: 64 })

    await stage.kill()
    const down = cli(stage, 'doctor')
    expect([down.status, down.stderr]).toEqual([1, expect.stringMatching(/没有回答.*npm start/)])
  } finally {
    await stage.close()
  }
})
