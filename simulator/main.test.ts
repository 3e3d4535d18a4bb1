import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

const program = fileURLToPath(new URL('main.ts', import.meta.url))
const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

async function started(): Promise<{ child: ChildProcess; lines: string[]; first: Record<string, unknown> }> {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, SIMULATOR_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(child)
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout! })
  reader.on('line', (line) => lines.push(line))
  await once(reader, 'line')
  return { child, lines, first: JSON.parse(lines[0]!) as Record<string, unknown> }
}

test('started by itself it says in one line how to reach it, answers, and leaves cleanly when asked to', async () => {
  const { child, lines, first } = await started()

  expect(first).toMatchObject({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    accounts: [
      { kind: 'SUB', verified: true },
      { kind: 'SVC', verified: true },
      { kind: 'SUB', verified: false },
      { kind: 'SUB', verified: true },
      { kind: 'SVC', verified: true },
    ],
    component: { appid: expect.stringMatching(/^wx[0-9a-f]{16}$/), aesKey: expect.stringMatching(/^[A-Za-z0-9]{43}$/) },
    smtp: { port: expect.any(Number) },
  })
  expect((await fetch(`${first.url}/_sim/clock`)).status).toBe(200)

  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
  expect(lines).toHaveLength(1)
})

test('a restart brings the same accounts', async () => {
  const [one, two] = [await started(), await started()]

  expect(two.first.accounts).toEqual(one.first.accounts)
  expect(two.first.component).toEqual(one.first.component)
})
