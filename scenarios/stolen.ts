import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { AccountRow } from '../src/contract.ts'
import type { IncidentRow, WarRoomView } from '../src/incidents/view.ts'
import { type Person, until } from './person.ts'
import type { Stage } from './stage.ts'

type Deed = { act: string; at: string; ok: boolean; ids?: { visibleInApiAt?: string; at?: string; articleId?: string } }
type Live = { articles: { articleId?: string; title: string; deletedAt?: string | null; deleted?: boolean }[] }
type Call = { at: string; path: string; caller: string; errcode: number | null; executed: boolean }

export type StolenFigures = {
  detectedS: number
  heldS: number
  containedS: number | null
  pagedS: number
  messageReadyS: number
  toldS: number
  evidenceS: number
  pushesDuringHold: number
  evidenceVerified: boolean
  removedByMachine: number
  certainty: string
  handbook: { containMin: 15; evidenceMin: 20; toldMin: 15; platformMin: 30 }
  notes: string[]
}

/** A one-pixel PNG with a word behind it, so that each screenshot is a different file. */
const screenshot = (word: string): File => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  return new File([Buffer.concat([png, Buffer.from(word)])], `${word}.png`, { type: 'image/png' })
}
const seconds = (from: number, to: string | number) =>
  Math.round((typeof to === 'number' ? to - from : Date.parse(to) - from) / 10) / 100

/** The theft on the demo account, from the first act to the verified pack, over real HTTP and in real time. */
export async function playStolen(
  stage: Stage,
  options: { firstSign: boolean; tell(text: string): void },
): Promise<StolenFigures> {
  const { tell } = options
  const account = (await stage.api<AccountRow[]>('GET', '/api/v1/accounts')).find((a) => a.name === '青禾教育')!
  await until(
    'the first look at the account',
    async () => (await stage.api<AccountRow[]>('GET', '/api/v1/accounts')).find((a) => a.id === account.id)?.lastCheckedAt,
    20_000,
  )
  const dueAt = new Date(nowMs() + 6000).toISOString()
  await stage.api('POST', '/api/v1/publications', {
    accountId: account.id,
    title: '今晚八点直播预告',
    content: '<p>今晚八点，直播间见。</p>',
    goesOutAt: dueAt,
  })

  tell('有人用后台发了两篇陌生文章、群发了第三篇，又用偷来的密钥改了菜单')
  const acts = options.firstSign ? { acts: ['publish'] } : {}
  const { acts: deeds } = await stage.sim<{ acts: Deed[] }>('POST', `/_sim/accounts/${account.appid}/thief/stolen`, acts)
  const t0 = Math.min(...deeds.map((deed) => Date.parse(deed.ids?.visibleInApiAt ?? deed.at)))

  const row = await until('an incident', async () =>
    (await stage.api<IncidentRow[]>('GET', '/api/v1/incidents')).find((r) => r.accountName === '青禾教育'),
  )
  const room = () => stage.api<WarRoomView>('GET', `/api/v1/incidents/${row.id}`)
  tell(`${row.number} 已开，级别 ${row.severity}`)
  const readyAt = await until('the words to the client', async () => {
    const view = await room()
    const first = view.messages.find((m) => m.kind === 'first' && m.findings.every((f) => f.level !== 'block'))
    const plans = view.messages.find((m) => m.kind === 'plans' && m.plans)
    return first && (options.firstSign || plans) ? nowMs() : undefined
  })
  const pagedAt = await until('the page on the phone', async () => {
    const { messages } = await stage.sim<{ messages: { at: string | number; to?: string; text?: string }[] }>(
      'GET',
      '/_sim/providers/messages',
    )
    return messages.length > 0
      ? Math.min(...messages.map((m) => (typeof m.at === 'number' ? m.at : Date.parse(m.at))))
      : undefined
  })

  const figures = options.firstSign ? await askFirst(stage, room, tell) : await handleTheft(stage, row.id, room, tell)
  const view = await room()
  const held = view.timeline.find((e) => e.title.startsWith('暂停全部待发'))!
  const sim = await stage.sim<Live>('GET', `/_sim/accounts/${account.appid}/state`)
  const calls = (await stage.sim<{ calls: Call[] }>('GET', `/_sim/calls?appid=${account.appid}`)).calls
  const ours = calls.filter((call) => call.caller === 'product' && Date.parse(call.at) >= t0)
  const restored = ours.filter((call) => call.path.endsWith('/menu/create') && !call.errcode).at(0)
  const removals = ours.filter((call) => call.path.endsWith('/freepublish/delete') && !call.errcode)
  const pushes = ours.filter((call) => /freepublish\/submit|mass\/(send|sendall)$/.test(call.path)).length
  void sim
  return {
    detectedS: seconds(t0, view.detectedAt),
    heldS: seconds(Date.parse(view.detectedAt), held.at),
    containedS: options.firstSign ? null : Math.max(seconds(t0, restored!.at), ...removals.map((call) => seconds(t0, call.at))),
    pagedS: seconds(t0, pagedAt),
    messageReadyS: seconds(t0, readyAt),
    toldS: seconds(t0, figures.toldAt),
    evidenceS: seconds(t0, figures.verifiedAt),
    pushesDuringHold: pushes,
    evidenceVerified: figures.verified,
    removedByMachine: removals.length,
    certainty: view.certainty,
    handbook: { containMin: 15, evidenceMin: 20, toldMin: 15, platformMin: 30 },
    notes: figures.notes,
  }
}

const nowMs = () => performance.timeOrigin + performance.now()
type Course = { toldAt: string; verifiedAt: number; verified: boolean; notes: string[] }

/** The duty editor works on a phone without scripts: presses forms, uploads proof. */
async function handleTheft(
  stage: Stage,
  id: string,
  room: () => Promise<WarRoomView>,
  tell: (text: string) => void,
): Promise<Course> {
  await until('machine containment', async () => {
    const view = await room()
    return (
      view.articles.filter((a) => a.removable).every((a) => a.state === 'removed') &&
      view.steps.find((s) => s.key === 'restore-menu')?.state === 'done' &&
      view.steps.find((s) => s.key === 'evidence')?.state === 'done'
    )
  })
  const early = await downloadAndVerify(stage, id)
  tell('陌生文章已撤下，菜单已恢复，证据包已验证')
  const lin = await stage.signIn('林一')
  await press(lin, id, { do: 'acknowledge' })
  await press(lin, id, { do: 'send', messageId: (await room()).messages.find((m) => m.kind === 'first')!.id })
  tell('林一接手，确认了给客户的话；五秒内可撤回')
  const zhao = await stage.signIn('赵敏')
  await until(
    'the task for the account manager',
    async () => (await room()).messages.find((m) => m.kind === 'first')?.state === 'waiting-for-hand',
  )
  await press(zhao, id, { do: 'sent-by-hand', messageId: (await room()).messages.find((m) => m.kind === 'first')!.id })
  const toldAt = (await until('told', async () => (await room()).messages.find((m) => m.kind === 'first')?.sentAt)) as string
  tell('赵敏已转告客户')
  await press(lin, id, { do: 'send', messageId: (await room()).messages.find((m) => m.kind === 'plans')!.id })
  await workThrough(lin, id, room, ['remove-by-hand', 'administrator', 'operators', 'app-secret', 'appeal'])
  await until(
    'the plans to reach the account manager',
    async () => (await room()).messages.find((m) => m.kind === 'plans')?.state === 'waiting-for-hand',
  )
  await press(zhao, id, { do: 'sent-by-hand', messageId: (await room()).messages.find((m) => m.kind === 'plans')!.id })
  const link = await clientLink(stage)
  await clientChooses(stage, link, 'B')
  tell('客户在手机上选了方案 B')
  const chen = await stage.signIn('陈立')
  await press(chen, id, { do: 'complete', step: 'authorities', answer: 'not-needed' })
  await workThrough(chen, id, room, ['prove-control'])
  await press(chen, id, { do: 'resolve', cause: '后台登录被盗用，密钥泄露' })
  await press(zhao, id, { do: 'draft', message: 'restored' })
  await press(zhao, id, { do: 'send', messageId: (await room()).messages.find((m) => m.kind === 'restored')!.id })
  await until(
    'the last word to the client',
    async () => (await room()).messages.find((m) => m.kind === 'restored')?.state === 'waiting-for-hand',
  )
  await press(zhao, id, { do: 'sent-by-hand', messageId: (await room()).messages.find((m) => m.kind === 'restored')!.id })
  await until('watching', async () => (await room()).state === 'watching')
  const final = await downloadAndVerify(stage, id)
  const view = await room()
  tell(`已恢复，观察 24 小时；时间线 ${view.chain.seq} 条`)
  return {
    toldAt,
    verifiedAt: early.at,
    verified: early.ok && final.ok && view.choice?.plan === 'B',
    notes: [`客户的选择：方案 ${view.choice?.plan}`, `时间线 ${view.chain.seq} 条`],
  }
}

/** One sign only: the machine holds and asks; the editor finds out that the client did it. Nothing may be deleted. */
async function askFirst(stage: Stage, room: () => Promise<WarRoomView>, tell: (text: string) => void): Promise<Course> {
  await until(
    'the snapshot and the evidence',
    async () => (await room()).steps.find((s) => s.key === 'evidence')?.state === 'done',
  )
  const before = await room()
  const lin = await stage.signIn('林一')
  await press(lin, before.id, { do: 'acknowledge' })
  await press(lin, before.id, { do: 'send', messageId: before.messages.find((m) => m.kind === 'first')!.id })
  const zhao = await stage.signIn('赵敏')
  await until(
    'the task for the account manager',
    async () => (await room()).messages.find((m) => m.kind === 'first')?.state === 'waiting-for-hand',
  )
  await press(zhao, before.id, { do: 'sent-by-hand', messageId: before.messages.find((m) => m.kind === 'first')!.id })
  const toldAt = (await room()).messages.find((m) => m.kind === 'first')!.sentAt!
  const pack = await downloadAndVerify(stage, before.id)
  const live = (await room()).articles.filter((a) => a.state === 'live').length
  tell(`只有一个迹象：暂停、在问，没有删除（${live} 篇仍在）`)
  await press(lin, before.id, { do: 'complete', step: 'ask-person', answer: 'ours' })
  const after = await room()
  tell('确认是客户自己发的，解除暂停，关闭')
  return {
    toldAt,
    verifiedAt: pack.at,
    verified: pack.ok,
    notes: [
      `机器删除 0 篇，${live} 篇仍在`,
      `答复“是自己人”后：${after.state}，暂停 ${after.holds.filter((h) => !h.liftedAt).length} 个`,
    ],
  }
}

/** One form, as the phone sends it. A refusal is the page again with its reason. */
export async function press(person: Person, id: string, fields: Record<string, string>): Promise<void> {
  const key = `story-${fields.do}-${fields.step ?? fields.messageId ?? ''}-${Math.round(nowMs())}`
  const answer = await person.postJson(`/m/i/${id}/act`, { press: key, act: fields })
  if (!answer.ok) throw new Error(`${fields.do} ${fields.step ?? ''} was refused: ${await answer.text()}`)
}

async function workThrough(
  person: Person,
  id: string,
  room: () => Promise<WarRoomView>,
  steps: readonly string[],
): Promise<void> {
  for (const key of steps) {
    const step = (await room()).steps.find((s) => s.key === key)!
    for (const proof of step.proof.filter((p) => p.kind === 'picture')) {
      const form = new FormData()
      form.set('file', screenshot(`${key}-${proof.key}`))
      form.set('step', key)
      form.set('proof', proof.key)
      const answer = await person.post(`/m/i/${id}/evidence`, form, { accept: 'application/json' })
      if (!answer.ok) throw new Error(`proof for ${key} was refused: ${await answer.text()}`)
    }
    const receipt: Record<string, string> = step.proof.some((p) => p.kind !== 'picture') ? { receipt: 'TX20261122-0317' } : {}
    await press(person, id, { do: 'complete', step: key, ...receipt })
  }
}

/** The link as the client has it: from the message the account manager was given to pass on. */
async function clientLink(stage: Stage): Promise<string> {
  return (await stage.api<{ url: string }>('GET', `/api/local/client-link?client=${encodeURIComponent('青禾教育')}`)).url
}

export async function clientChooses(stage: Stage, link: string, plan: 'A' | 'B'): Promise<void> {
  const { makePerson } = await import('./person.ts')
  const wang = makePerson(stage.url)
  const page = new URL(link).pathname
  const shown = await wang.get(page)
  if (shown.status !== 200) throw new Error(`the portal answered ${shown.status}`)
  await wang.post(`${page}/seen`, { press: 'seen-story' })
  await wang.post(`${page}/digits`, { digits: '6021' })
  const code = await until('the code by SMS', async () => {
    const { messages } = await stage.sim<{ messages: { text?: string }[] }>('GET', '/_sim/providers/messages')
    return messages.map((m) => /验证码\s*(\d{6})/.exec(JSON.stringify(m))?.[1]).findLast(Boolean)
  })
  await wang.post(`${page}/code`, { code })
  const revision = /name="revision" value="(\d+)"/.exec(await (await wang.get(page)).text())?.[1] ?? ''
  const chosen = await wang.post(`${page}/choose`, { plan, revision, press: 'choose-story' })
  if (chosen.status !== 303) throw new Error(`the choice was refused: ${(await chosen.text()).slice(0, 400)}`)
}

/** Downloads the pack and verifies it as an outsider would: the command line, in a process of its own, without the product. */
async function downloadAndVerify(stage: Stage, id: string): Promise<{ ok: boolean; at: number }> {
  const person = await stage.signIn('陈立')
  const answer = await person.get(`/api/v1/incidents/${id}/pack`)
  if (!answer.ok) throw new Error(`the pack could not be downloaded: ${answer.status} ${await answer.text()}`)
  const file = path.join(stage.home, `pack-${id.slice(0, 8)}-${Math.round(nowMs())}.zip`)
  fs.writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
  const cli = path.join(import.meta.dirname, '../src/cli.ts')
  const verified = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', cli, 'evidence', 'verify', file, '--json'],
    { encoding: 'utf8', env: { ...process.env, DINGXIN_HOME: '/nonexistent' } },
  )
  return { ok: verified.status === 0, at: nowMs() }
}
