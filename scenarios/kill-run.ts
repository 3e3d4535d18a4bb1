import type { AccountRow } from '../src/contract.ts'
import type { IncidentRow, WarRoomView } from '../src/incidents/view.ts'
import { type Findings, inspect } from './inspect.ts'
import { type Person, until } from './person.ts'
import { openStage, type Stage } from './stage.ts'

/** Seconds after the theft within which the process is killed: from before the first sign to after the client was told. */
const WINDOW_MS = 9000

export type KillRun = Findings & { killedAtMs: number; backAfterMs: number }

/** A small generator of our own, so that a seed names its moment. */
export function momentOf(seed: number): number {
  let x = (seed * 2654435761 + 40503) >>> 0
  x ^= x << 13
  x ^= x >>> 17
  x ^= x << 5
  return ((x >>> 0) % (WINDOW_MS * 10)) / 10
}

/**
 * One theft with the product killed in the middle, by SIGKILL, and started again. People keep pressing the same buttons with
 * the same keys until they are answered, as phones do.
 */
export async function killOnce(seed: number): Promise<KillRun> {
  const stage = await openStage()
  try {
    return await run(stage, momentOf(seed))
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).message}\n${stage.log().slice(-1500)}`)
  } finally {
    await stage.close()
  }
}

async function run(stage: Stage, killAtMs: number): Promise<KillRun> {
  const find = async () => (await stage.api<AccountRow[]>('GET', '/api/v1/accounts')).find((a) => a.name === '青禾教育')!
  await stage.api('POST', '/api/v1/settings/first-word', { minutes: 0.08 })
  await until('the first look at the account', async () => (await find()).lastCheckedAt, 20_000)
  const { appid, id: accountId } = await find()
  await stage.api('POST', '/api/v1/publications', {
    accountId,
    title: '今晚八点直播预告',
    content: '<p>今晚八点见。</p>',
    goesOutAt: new Date(nowMs() + 4000).toISOString(),
  })
  const lin = await stage.signIn('林一')

  const since = new Date(nowMs()).toISOString()
  const started = nowMs()
  await stage.sim('POST', `/_sim/accounts/${appid}/thief/stolen`, {})
  const presses: string[] = []
  let over = false
  const pressing = pressUntilAnswered(stage, lin, presses, () => over)
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, killAtMs - (nowMs() - started))))
  await stage.kill()
  const killed = nowMs()
  await stage.start()
  const backAfterMs = Math.round(nowMs() - killed)

  const room = async () => {
    const row = (await stage.api<IncidentRow[]>('GET', '/api/v1/incidents'))[0]
    return row && stage.api<WarRoomView>('GET', `/api/v1/incidents/${row.id}`)
  }
  await until(
    'containment, evidence and the first word, after the restart',
    async () => {
      const view = await room()
      const done = (key: string) => view?.steps.find((s) => s.key === key)?.state === 'done'
      const told = view?.messages.find((m) => m.kind === 'first')?.state
      return (
        view &&
        view.certainty === 'confirmed' &&
        done('remove-articles') &&
        done('restore-menu') &&
        done('evidence') &&
        (told === 'sent' || told === 'failed') &&
        presses.length === 2
      )
    },
    60_000,
    200,
  )
  over = true
  await pressing
  // Whatever might still come twice would come now: leases of the killed worker end after twelve seconds.
  await new Promise((resolve) => setTimeout(resolve, 3000))
  const findings = await inspect(stage, { appid, clientPhone: '13900006021', presses, since })
  return { ...findings, killedAtMs: Math.round(killAtMs), backAfterMs }
}

const nowMs = () => performance.timeOrigin + performance.now()

/** Takes over and writes a note, each with one key, again and again until the server has said yes. */
async function pressUntilAnswered(stage: Stage, person: Person, answered: string[], isOver: () => boolean): Promise<void> {
  const wanted = [
    { press: 'kill-acknowledge-1', act: { do: 'acknowledge' } },
    { press: 'kill-note-1', act: { do: 'note', text: '已电话联系管理员保管人' } },
  ]
  for (const one of wanted) {
    while (!isOver() && !answered.includes(one.press)) {
      await new Promise((resolve) => setTimeout(resolve, 150))
      const row = (await stage.api<IncidentRow[]>('GET', '/api/v1/incidents').catch(() => []))[0]
      if (!row) continue
      const answer = await person.postJson(`/m/i/${row.id}/act`, one).catch(() => undefined)
      if (answer?.ok) answered.push(one.press)
    }
  }
}
