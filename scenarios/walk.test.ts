import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Act, type ActName, needOf } from '../src/incidents/acts.ts'
import { leave } from '../src/people/commands.ts'
import { type Actor, everyRole, mayPass } from '../src/platform/access.ts'
import { withAgency } from '../src/platform/database.ts'
import { type Entrance, entrancesOf } from './entrances.ts'
import { type GivenWeb, openGivenWeb } from './given-web.ts'
import { type Agency, type Case, type Colleague, givenTwoAgencies, linkOf, PNG, signIn } from './two-agencies.ts'

// Promise 10 (docs: product): one agency never sees another's data, and nobody enters where their role does not lead. The walk
// takes every door and every procedure as they are declared, so that a new one is walked from the day it is written.

type Caller = {
  who: string
  /** As the product should know them; undefined is nobody. */
  actor?: Actor
  headers(): Record<string, string>
  /** 127.0.0.1 is this machine. */
  peer: string
  agency?: 'yunfan' | 'nanshan'
  clientToken?: string
  /** Whether the case of 青禾教育 is theirs to see. */
  sees: boolean
  /** What must not occur in any answer to them. */
  secrets: readonly string[]
}

const ofQinghe = ['青禾教育', '青禾课堂', '王敏之', '13900006021']
const ofYunfan = [
  ...ofQinghe,
  '老灶火锅',
  '老灶会员',
  '李建国',
  '云帆托管',
  '周扬',
  '陈立',
  '赵敏',
  '梅晓',
  '林一',
  '方远',
  '高离',
  '祝安',
]

let world: GivenWeb
let yunfan: Agency
let nanshan: Agency
let theirs: Case
let entrances: Entrance[]
let callers: Caller[]
/** A session of the admin that may be ended. */
let spareSession: string

beforeAll(async () => {
  world = await openGivenWeb()
  ;({ yunfan, nanshan } = await givenTwoAgencies(world))
  theirs = yunfan.cases[0]!
  entrances = entrancesOf(world)
  callers = await everybody()
  spareSession = (await signIn(world, yunfan.one('admin'))).session
})
afterAll(() => world.close())

const ofPerson = (who: string, person: Colleague, sees: boolean, secrets: readonly string[] = []): Caller => ({
  who,
  actor: person,
  headers: () => ({ cookie: person.cookie }),
  peer: '203.0.113.7',
  agency: person.agencyId as 'yunfan' | 'nanshan',
  sees,
  secrets,
})

async function everybody(): Promise<Caller[]> {
  const outside = '203.0.113.7'
  const { incidentId } = theirs
  const other = yunfan.cases[1]!
  const duty = yunfan.one('duty')
  const link = (token: string) => () => ({ 'x-dingxin-link': token })
  const ownLink = await linkOf(world, yunfan.id, incidentId, duty.personId)
  const otherLink = await linkOf(world, yunfan.id, other.incidentId, duty.personId)
  const spentLink = await linkOf(world, yunfan.id, incidentId, yunfan.one('lead').personId)
  await withAgency(world.app.database, yunfan.id, (tx) =>
    tx
      .updateTable('dx.links')
      .set({ revoked_at: '2026-01-01T00:00:00.000Z' as never })
      .where('token_hash', '=', world.app.secrets.digest(`link:${spentLink}`))
      .execute(),
  )
  const gone = yunfan.people.高离!
  await leave(world.app, world.services.auth, yunfan.local, gone.personId)
  const inside = { peer: outside, agency: 'yunfan' } as const
  const local = (peer: string) => ({
    headers: () => ({ authorization: `Bearer ${world.token}`, 'x-dingxin-agency': yunfan.id }),
    peer,
  })
  return [
    { who: 'nobody', headers: () => ({}), peer: outside, sees: false, secrets: ofYunfan },
    ...everyRole.map((role) => ofPerson(`${role} of the agency`, yunfan.one(role), true)),
    ofPerson('editor of another client', yunfan.people.方远!, false, ofQinghe),
    { ...ofPerson('somebody who left', gone, false, ofYunfan), actor: undefined },
    ...everyRole.map((role) => ofPerson(`${role} of another agency`, nanshan.one(role), false, ofYunfan)),
    {
      who: 'link of a colleague',
      actor: { ...duty, via: 'link', incidentId },
      headers: link(ownLink),
      ...inside,
      sees: true,
      secrets: ['老灶会员', '李建国'],
    },
    {
      who: 'link to another incident',
      actor: { ...duty, via: 'link', incidentId: other.incidentId },
      headers: link(otherLink),
      ...inside,
      sees: false,
      secrets: ofQinghe,
    },
    { who: 'revoked link', headers: link(spentLink), peer: outside, sees: false, secrets: ofYunfan },
    {
      who: 'client',
      headers: () => ({}),
      ...inside,
      clientToken: theirs.clientToken,
      sees: true,
      secrets: ['老灶火锅', '老灶会员', '李建国', '海棠医美'],
    },
    { who: 'another client', headers: () => ({}), ...inside, clientToken: other.clientToken, sees: false, secrets: ofQinghe },
    {
      who: 'client of another agency',
      headers: () => ({}),
      peer: outside,
      agency: 'nanshan',
      clientToken: nanshan.cases[0]!.clientToken,
      sees: false,
      secrets: ofYunfan,
    },
    { who: 'command line', actor: yunfan.local, ...local('127.0.0.1'), agency: 'yunfan', sees: true, secrets: ['海棠医美'] },
    { who: 'token of the command line, from elsewhere', ...local(outside), sees: false, secrets: ofYunfan },
  ]
}

type Sent = {
  json?: object
  form?: Record<string, string> | FormData
  query?: string /** It names something of 青禾教育 in its body. */
  names?: true
}

const upload = () => {
  const form = new FormData()
  form.set('file', new File([PNG], '后台.png', { type: 'image/png' }))
  form.set('step', 'administrator')
  return form
}
let presses = 0
const newPress = () => `walk-press-${++presses}`

const aClient = (name: string) => ({
  name,
  contactName: '王敏之',
  salutation: '王总',
  phone: '13900006021',
  ways: [{ way: 'account-manager' }],
})

/** What a caller with every right would send. A door that takes something and is not here stops the walk: say what it takes. */
const sends: Record<string, () => Sent> = {
  'POST /signin': () => ({ form: { email: 'nobody@yunfan.example', password: 'not the password' } }),
  'POST /signout': () => ({ form: {} }),
  'POST /signin/once/:token': () => ({ form: {} }),
  'POST /setup/:token': () => ({
    form: { name: '外人', email: 'x@example.com', password: 'long enough, really', agencyName: '外人' },
  }),
  'POST /api/local/setup': () => ({ json: {} }),
  'POST /api/local/sign-in-link': () => ({ json: { person: '周扬' } }),
  'POST /m/sessions/:id/end': () => ({ form: {} }),
  'POST /m/look': () => ({ form: { theme: 'night' } }),
  'POST /m/i/:id/act': () => ({ json: { press: newPress(), act: { do: 'note', text: '已电话联系' } } }),
  'POST /m/i/:id/evidence': () => ({ form: upload() }),
  'GET /api/local/client-link': () => ({ query: `?client=${encodeURIComponent('青禾教育')}` }),
  'POST /c/:token/digits': () => ({ form: { digits: '6021' } }),
  'POST /c/:token/code': () => ({ form: { code: '000000' } }),
  'POST /c/:token/choose': () => ({ form: { press: newPress(), plan: 'A', revision: '1' } }),
  'POST /c/:token/say': () => ({ form: { press: newPress(), words: '请尽快恢复' } }),
  'POST /c/:token/stop': () => ({ form: { press: newPress() } }),
  'POST /c/:token/seen': () => ({ form: { press: newPress() } }),
  'POST /api/v1/component': () => ({
    json: {
      appid: 'wx0000000000000000',
      secret: 'a'.repeat(32),
      token: 'walktoken',
      aesKey: 'a'.repeat(43),
      baseUrl: world.wechat.url,
    },
  }),
  'POST /api/v1/incidents/:id/acts': () => ({ json: { press: newPress(), act: { do: 'note', text: '已电话联系' } } }),
  'POST /api/v1/incidents': () => ({ json: { accountId: theirs.accountId, playbook: 'stolen', words: '客户来电' }, names: true }),
  'POST /api/v1/me/sessions/:id/end': () => ({ json: {} }),
  'POST /api/v1/accounts/connect': () => ({
    json: {
      appid: world.wechat.accounts[3]!.appid,
      secret: world.wechat.accounts[3]!.secret,
      name: '新账号',
      clientId: theirs.clientId,
      baseUrl: world.wechat.url,
      reception: 'poll',
    },
    names: true,
  }),
  'POST /api/v1/accounts/:id/release': () => ({ json: {} }),
  'POST /api/v1/accounts/:id/removal-agreement': () => ({ json: { agreed: true, by: '外人', text: '同意' } }),
  'POST /api/v1/settings/first-word': () => ({ json: { minutes: 10 } }),
  'POST /api/v1/publications': () => ({
    json: { accountId: theirs.accountId, title: '走查', content: '<p>走查</p>', goesOutAt: '2099-01-01T00:00:00.000Z' },
    names: true,
  }),
  'POST /api/v1/demo/theft': () => ({ json: {} }),
  'POST /api/v1/accounts/:id': () => ({ json: { name: '改名' } }),
  'POST /api/v1/accounts/:id/baseline': () => ({ json: { kind: 'menu' } }),
  'POST /api/v1/clients': () => ({ json: aClient('新客户') }),
  'POST /api/v1/clients/:id': () => ({ json: aClient('青禾教育') }),
  'POST /api/v1/rota/shifts': () => ({
    json: { weekday: 2, fromMinute: 0, lengthMinutes: 60, position: 'first', personId: yunfan.one('duty').personId },
    names: true,
  }),
  'POST /api/v1/rota/shifts/:id/remove': () => ({ json: {} }),
  'POST /api/v1/rota/overrides/:id/remove': () => ({ json: {} }),
  'POST /api/v1/rota/overrides': () => ({
    json: {
      startsAt: '2099-01-01T00:00:00.000Z',
      endsAt: '2099-01-01T08:00:00.000Z',
      position: 'first',
      personId: yunfan.one('duty').personId,
      reason: '调班',
    },
    names: true,
  }),
  'POST /api/v1/channels/:kind': () => ({ json: { settings: {} } }),
  'POST /api/v1/channels/:kind/test': () => ({ json: { to: '13800000001' } }),
  'POST /api/v1/people': () => ({ json: { name: '新人', role: 'editor' } }),
  'POST /api/v1/people/:id': () => ({ json: { phone: '13800000009' } }),
  'POST /api/v1/people/:id/leave': () => ({ json: {} }),
  'POST /api/v1/people/:id/away': () => ({ json: { from: '2099-01-01T00:00:00.000Z', until: '2099-01-02T00:00:00.000Z' } }),
  'POST /api/v1/people/:id/sign-in-link': () => ({ json: {} }),
}

/** Answers that are the same for everybody who may enter, with why that gives nothing away. */
const tellsNothing: Record<string, string> = {
  'GET /m/i/:id/live': 'beats, and changes of the own agency only',
  'GET /api/v1/incidents/:id/events': 'beats, and changes of the own agency only',
  'POST /m/sessions/:id/end': 'leads back to the own sessions; one of somebody else goes on',
}

/** What is not opened by anybody in these walks, with why. */
const shutInThisWorld: Record<string, string> = {
  'POST /signin': 'the password is wrong',
  'GET /signin/once/:token': 'nobody has this address; signing in with real ones is how the walk begins',
  'POST /signin/once/:token': 'the same',
  'GET /setup/:token': 'there is an administrator',
  'POST /setup/:token': 'the same',
  'POST /api/local/setup': 'the same',
  'GET /:code{[A-Za-z0-9_-]{22}}': 'the code is guessed',
  'POST /c/:token/digits': 'no way of sending an SMS is set up',
  'POST /c/:token/code': 'no code was asked for',
  'POST /c/:token/choose': 'the device is not known',
  'POST /c/:token/say': 'the device is not known',
  'POST /c/:token/stop': 'the device is not known',
  'GET /hooks/:word/:provider': 'the word is guessed',
  'GET /connect/component': 'no third-party platform is registered',
  'GET /connect/component/return': 'nobody set out',
  'POST /api/v1/me/sessions/:id/end': 'the session was ended by the door before',
  'POST /api/v1/accounts/:id/release': 'the account asks, it does not listen',
  'POST /api/v1/channels/:kind': 'there is no such channel',
  'POST /api/v1/people/:id/away': 'the colleague has left by then',
  'POST /api/v1/people/:id/sign-in-link': 'the colleague has left by then',
  'POST /api/v1/demo/theft': 'this is no demonstration',
  'POST /api/v1/rota/overrides/:id/remove': 'there is no swap of that id',
}

/** Routes that are no doors, with what guards them instead. */
const besideTheDoors: Record<string, string> = {
  'ALL /*': 'the nonce and the security headers of every answer',
  'ALL /app/*': 'compression',
  'ALL /phone/*': 'compression; built files of the pages',
  'ALL /m': 'compression',
  'ALL /m/i/:id': 'compression',
  'ALL /c/:token': 'compression',
  'ALL /signin': 'compression',
  'ALL /m/*': 'the bound of a body',
  'ALL /c/*': 'the same',
  'ALL /signin/*': 'the same',
  'ALL /setup/*': 'the same',
  'ALL /api/*': 'the same',
  'ALL /hooks/*': 'the same',
  'ALL /app/assets/*': 'built files of the console',
  'GET /app': 'leads to /app/',
  'ALL /api/v1/*': 'the contract, each procedure of which is walked here',
  'GET /api/auth/*': 'the sign-in library, its open paths listed in auth-options',
  'POST /api/auth/*': 'the same',
  'POST /hooks/:word/:provider': 'providers prove themselves by the word in the path and their signature',
  'GET /wx/:doorId': 'WeChat proves itself by its signature',
  'POST /wx/:doorId': 'the same',
  'GET /wx/c/:doorId': 'the same',
  'POST /wx/c/:doorId': 'the same',
  'GET /wx/c/:doorId/:appid': 'the same',
  'POST /wx/c/:doorId/:appid': 'the same',
}

/** One of every act, complete, so that only the right to it can be missing. */
const acts: { [Name in ActName]: () => Extract<Act, { do: Name }> } = {
  acknowledge: () => ({ do: 'acknowledge' }),
  decline: () => ({ do: 'decline' }),
  'hand-over': () => ({ do: 'hand-over', to: yunfan.one('lead').personId, now: '已控制', next: '写给客户', mind: '菜单' }),
  'call-help': () => ({ do: 'call-help' }),
  complete: () => ({ do: 'complete', step: 'administrator', receipt: '单号 1' }),
  cannot: () => ({ do: 'cannot', step: 'administrator', reason: '联系不上管理员本人' }),
  skip: () => ({ do: 'skip', step: 'administrator', reason: '客户要求先不做', agreedBy: '王敏之' }),
  move: () => ({ do: 'move', step: 'operators', before: 'administrator', reason: '先移除运营者', agreedBy: '王敏之' }),
  add: () => ({ do: 'add', title: '通知法务', owner: 'lead', minutes: 30, reason: '客户要求法务在场', agreedBy: '王敏之' }),
  draft: () => ({ do: 'draft', message: 'progress' }),
  'change-message': () => ({ do: 'change-message', messageId: theirs.messageId, text: '王总您好。' }),
  send: () => ({ do: 'send', messageId: theirs.messageId }),
  'call-back': () => ({ do: 'call-back', messageId: theirs.messageId }),
  'sent-by-hand': () => ({ do: 'sent-by-hand', messageId: theirs.messageId }),
  postpone: () => ({ do: 'postpone', messageId: theirs.messageId, minutes: 5, reason: '正在核实影响范围' }),
  severity: () => ({ do: 'severity', severity: 'P2', reason: '影响范围比预想的小' }),
  'explain-article': () => ({ do: 'explain-article', article: 'article:青禾课堂', whose: '市场部' }),
  'explain-miss': () => ({ do: 'explain-miss', clock: 'contain', reason: '值班手机没有信号' }),
  'lift-hold': () => ({ do: 'lift-hold', hold: 'hold' }),
  note: () => ({ do: 'note', text: '已电话联系' }),
  export: () => ({ do: 'export' }),
  resolve: () => ({ do: 'resolve', cause: '密钥泄露', followUps: [] }),
  reopen: () => ({ do: 'reopen', reason: '又出现陌生文章' }),
  review: () => ({ do: 'review' }),
}

type Verdict = 'enters' | 'asked to sign in' | 'not allowed' | 'link closed' | 'not found'

/** What must happen follows from the need and the caller alone. */
function verdictOn({ key, path, need }: Entrance, caller: Caller): Verdict {
  if (need.who === 'client') return caller.clientToken ? 'enters' : 'link closed'
  if (need.who !== 'anyone' && !mayPass(need, caller.actor)) return caller.actor ? 'not allowed' : 'asked to sign in'
  const isAboutTheirs = /:(id|item|file)\b/.test(path) || sends[key]?.().names
  return isAboutTheirs && !caller.sees && !(key in tellsNothing) ? 'not found' : 'enters'
}

function pathOf({ path }: Entrance, caller: Caller): string {
  const ids: Record<string, string> = {
    sessions: spareSession,
    accounts: theirs.accountId,
    people: yunfan.people.祝安!.personId,
    clients: theirs.clientId,
    shifts: yunfan.shiftId,
  }
  const id = ids[path.split('/').at(path.split('/').indexOf(':id') - 1)!] ?? theirs.incidentId
  return path
    .replace(/:file\{[^}]*\}[^/]*/, `${theirs.incidentId}.json`)
    .replace(':item', theirs.evidenceId)
    .replace(':id', id)
    .replace(':token', path.startsWith('/c/') ? (caller.clientToken ?? altered(theirs.clientToken)) : 'A'.repeat(32))
    .replace(':word/:provider', `${'a'.repeat(24)}/wecom`)
    .replace(':kind', 'pigeon')
    .replace(/:code\{[^}]*\}\}/, 'A'.repeat(22))
    .replace('*', '')
}
const altered = (token: string) => `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`

type Answer = { status: number; location: string; text: string }

async function knock(entrance: Entrance, caller: Caller): Promise<Answer> {
  if (entrance.method !== 'GET' && !sends[entrance.key]) throw new Error(`${entrance.key} is new: add to this test what it takes`)
  const { json, form, query } = sends[entrance.key]?.() ?? {}
  return ask(
    entrance.method,
    pathOf(entrance, caller) + (query ?? ''),
    caller,
    json ? JSON.stringify(json) : form && !(form instanceof FormData) ? new URLSearchParams(form) : form,
  )
}

async function ask(method: string, path: string, caller: Caller, body?: string | URLSearchParams | FormData): Promise<Answer> {
  const headers = {
    ...caller.headers(),
    origin: world.url,
    'user-agent': 'walk',
    ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
  }
  const request = new Request(new URL(path, world.url), {
    method,
    headers: { host: new URL(world.url).host, ...headers },
    ...(method === 'GET' ? {} : { body }),
  })
  const answer = await world.web.fetch(request, { incoming: { socket: { remoteAddress: caller.peer } } } as never)
  return { status: answer.status, location: answer.headers.get('location') ?? '', text: await textOf(answer) }
}

/** The first piece of a stream, all of anything else; a pack and a picture are searched as they are. */
async function textOf(answer: Response): Promise<string> {
  if (!answer.headers.get('content-type')?.includes('event-stream')) return answer.text()
  const reader = answer.body!.getReader()
  const { value } = await reader.read()
  await reader.cancel()
  return new TextDecoder().decode(value)
}

const isRefusal = ({ status, location }: Answer) => status === 401 || status === 403 || location.startsWith('/signin?back=')

function problemsOf(entrance: Entrance, caller: Caller, verdict: Verdict, answer: Answer): string[] {
  const { status } = answer
  const problems: string[] = []
  const right: Record<Verdict, boolean> = {
    enters: (!isRefusal(answer) || (entrance.key === 'POST /signin' && status === 401)) && status < 500,
    'asked to sign in': status === 401 || answer.location.startsWith('/signin?back='),
    // The command line's own doors do not say whether somebody is known.
    'not allowed': status === 403 || (entrance.need.who === 'local' && status === 401),
    'link closed': status === 410,
    'not found': status === 404 || status === 409,
  }
  if (!right[verdict]) problems.push(`expected: ${verdict}; answered ${status} ${answer.text.slice(0, 160)}`)
  if (verdict !== 'enters' || !caller.sees)
    for (const secret of caller.secrets) if (answer.text.includes(secret)) problems.push(`told of ${secret}`)
  return problems.map((problem) => `${caller.who}: ${entrance.key}: ${problem}`)
}

/** Signing out ends the session it is asked with, so it is given one to spare. */
async function withSpare(entrance: Entrance, caller: Caller): Promise<Caller> {
  if (entrance.key !== 'POST /signout' || caller.actor?.via !== 'session') return caller
  const { cookie } = await signIn(world, caller.actor)
  return { ...caller, headers: () => ({ cookie }) }
}

/** What a caller may do to the agency is left for later: the first walk must change nothing. */
const isForLater = (caller: Caller, verdict: Verdict) => verdict === 'enters' && caller.agency === 'yunfan'

test('whoever may not enter gets nothing, of their own agency or of another, and nothing changes', async () => {
  const before = await world.rows.of(yunfan.id)
  const problems: string[] = []
  let walked = 0

  for (const entrance of entrances) {
    const strangers = callers.filter((caller) => !isForLater(caller, verdictOn(entrance, caller)))
    const found = await Promise.all(
      strangers.map(async (caller) =>
        problemsOf(entrance, caller, verdictOn(entrance, caller), await knock(entrance, await withSpare(entrance, caller))),
      ),
    )
    problems.push(...found.flat())
    walked += strangers.length
  }

  expect(problems).toEqual([])
  expect(await world.rows.of(yunfan.id)).toEqual(before)
  expect(walked).toBeGreaterThan(entrances.length * 10)
})

test('nobody but those whose role allows it does anything to an incident, and a link acknowledges and completes steps only', async () => {
  const before = await world.rows.of(yunfan.id)
  const problems: string[] = []

  for (const name of Object.keys(needOf) as ActName[])
    for (const caller of callers.filter((one) => one.actor)) {
      const may = mayPass(needOf[name], caller.actor)
      if (may && caller.sees) continue
      const body = JSON.stringify({ press: newPress(), act: acts[name]() })
      for (const path of [`/m/i/${theirs.incidentId}/act`, `/api/v1/incidents/${theirs.incidentId}/acts`]) {
        const { status, text } = await ask('POST', path, caller, body)
        if (![403, 404, 409].includes(status)) problems.push(`${caller.who}: ${name} at ${path}: ${status} ${text.slice(0, 120)}`)
        if (!caller.sees)
          for (const secret of caller.secrets)
            if (text.includes(secret)) problems.push(`${caller.who}: ${name}: told of ${secret}`)
        if (!may && status === 409 && !/没有这个权限|需要先在这台设备上登录/.test(text))
          problems.push(`${caller.who}: ${name}: refused for another reason: ${text.slice(0, 120)}`)
      }
    }

  expect(problems).toEqual([])
  expect(await world.rows.of(yunfan.id)).toEqual(before)
})

test('whoever may enter is let in, and a client sees their own case only', async () => {
  const problems: string[] = []
  const opened = new Set<string>()

  for (const entrance of entrances)
    for (const caller of callers) {
      const verdict = verdictOn(entrance, caller)
      if (!isForLater(caller, verdict)) continue
      const answer = await knock(entrance, await withSpare(entrance, caller))
      problems.push(...problemsOf(entrance, caller, verdict, answer))
      for (const secret of caller.secrets)
        if (answer.text.includes(secret)) problems.push(`${caller.who}: ${entrance.key}: told of ${secret}`)
      if (answer.status < 400) opened.add(entrance.key)
    }

  expect(problems).toEqual([])
  expect(
    entrances
      .map(({ key }) => key)
      .filter((key) => !opened.has(key))
      .sort(),
  ).toEqual(Object.keys(shutInThisWorld).sort())
})

test('nothing of another agency can be tied to what is one’s own', async () => {
  const [own] = nanshan.cases
  const [foreigner, manager] = [yunfan.one('duty').personId, yunfan.one('account-manager').personId]
  const admin = callers.find(({ who }) => who === 'admin of another agency')!
  const before = await world.rows.of(yunfan.id)
  const tries: [path: string, body: object][] = [
    [`/api/v1/accounts/${own!.accountId}`, { clientId: theirs.clientId }],
    [`/api/v1/accounts/${own!.accountId}`, { personA: foreigner }],
    [`/api/v1/accounts/${own!.accountId}`, { spareAccountId: theirs.accountId }],
    [`/api/v1/clients/${own!.clientId}`, { ...aClient('海棠医美'), accountManagerId: manager }],
    ['/api/v1/clients', { ...aClient('又一个'), accountManagerId: manager }],
    [
      `/api/v1/incidents/${own!.incidentId}/acts`,
      { press: newPress(), act: { do: 'hand-over', to: foreigner, now: '已控制', next: '写给客户', mind: '菜单' } },
    ],
    [`/api/v1/incidents/${own!.incidentId}/acts`, { press: newPress(), act: { do: 'send', messageId: theirs.messageId } }],
    ['/api/local/sign-in-link', { person: foreigner }],
  ]

  for (const [path, body] of tries) {
    const { status, text } = await ask('POST', path, admin, JSON.stringify(body))
    expect({ path, body, status, text }).toEqual({
      path,
      body,
      status: expect.toSatisfy((code: number) => code >= 400 && code < 500),
      text: expect.not.stringMatching(new RegExp(ofYunfan.join('|'))),
    })
  }

  expect(await world.rows.of(yunfan.id)).toEqual(before)
})

test('nothing is mounted on the server beside the doors but what is known and why', () => {
  const doors = new Set(world.web.doors.list.map(({ method, path }) => `${method} ${path}`))
  const beside = [...world.web.hono.routes, ...world.web.callbacks.routes]
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !doors.has(route))

  expect([...new Set(beside)].sort()).toEqual(Object.keys(besideTheDoors).sort())
})
