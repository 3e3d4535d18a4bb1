import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Act, type ActName, needOf } from '../src/incidents/acts.ts'
import { leave } from '../src/people/commands.ts'
import { type Actor, everyRole, mayPass, type Need } from '../src/platform/access.ts'
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
  headers(): Promise<Record<string, string>> | Record<string, string>
  /** 127.0.0.1 is this machine. */
  peer: string
  clientToken?: string
  /** Whether the case of 青禾教育 is theirs to see. */
  sees: boolean
  /** What must not occur in any answer to them. */
  secrets: readonly string[]
}

const ofQinghe = ['青禾教育', '青禾课堂', '王敏之', '13900006021']
const ofYunfan = [...ofQinghe, '老灶火锅', '老灶会员', '李建国', '云帆托管', '周扬', '陈立', '赵敏', '梅晓', '林一', '方远', '高离']

let world: GivenWeb
let yunfan: Agency
let nanshan: Agency
let theirs: Case
let entrances: Entrance[]
let callers: Caller[]

beforeAll(async () => {
  world = await openGivenWeb()
  ;({ yunfan, nanshan } = await givenTwoAgencies(world))
  theirs = yunfan.cases[0]!
  entrances = entrancesOf(world)
  callers = await everybody()
})
afterAll(() => world.close())

const ofPerson = (who: string, person: Colleague, sees: boolean, secrets: readonly string[] = []): Caller => ({ who, actor: person, headers: () => ({ cookie: person.cookie }), peer: '203.0.113.7', sees, secrets })

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
    tx.updateTable('dx.links').set({ revoked_at: '2026-01-01T00:00:00.000Z' as never }).where('token_hash', '=', world.app.secrets.digest(`link:${spentLink}`)).execute(),
  )
  const gone = yunfan.people.高离!
  await leave(world.app, world.services.auth, yunfan.local, gone.personId)
  const local = (peer: string) => ({ headers: () => ({ authorization: `Bearer ${world.token}`, 'x-dingxin-agency': yunfan.id }), peer })
  return [
    { who: 'nobody', headers: () => ({}), peer: outside, sees: false, secrets: ofYunfan },
    ...everyRole.map((role) => ofPerson(`${role} of the agency`, yunfan.one(role), true)),
    ofPerson('editor of another client', yunfan.people.方远!, false, ofQinghe),
    { ...ofPerson('somebody who left', gone, false, ofYunfan), actor: undefined },
    ...everyRole.map((role) => ofPerson(`${role} of another agency`, nanshan.one(role), false, ofYunfan)),
    { who: 'link of a colleague', actor: { ...duty, via: 'link', incidentId }, headers: link(ownLink), peer: outside, sees: true, secrets: ['老灶会员', '李建国'] },
    { who: 'link to another incident', actor: { ...duty, via: 'link', incidentId: other.incidentId }, headers: link(otherLink), peer: outside, sees: false, secrets: ofQinghe },
    { who: 'revoked link', headers: link(spentLink), peer: outside, sees: false, secrets: ofYunfan },
    { who: 'client', headers: () => ({}), peer: outside, clientToken: theirs.clientToken, sees: true, secrets: ['老灶火锅', '老灶会员', '李建国', '海棠医美'] },
    { who: 'another client', headers: () => ({}), peer: outside, clientToken: other.clientToken, sees: false, secrets: ofQinghe },
    { who: 'client of another agency', headers: () => ({}), peer: outside, clientToken: nanshan.cases[0]!.clientToken, sees: false, secrets: ofYunfan },
    { who: 'command line', actor: yunfan.local, ...local('127.0.0.1'), sees: true, secrets: ['海棠医美'] },
    { who: 'token of the command line, from elsewhere', ...local(outside), sees: false, secrets: ofYunfan },
  ]
}

type Sent = { json?: object; form?: Record<string, string> | FormData; query?: string; /** It names something of 青禾教育 in its body. */ names?: true }

const upload = () => {
  const form = new FormData()
  form.set('file', new File([PNG], '后台.png', { type: 'image/png' }))
  form.set('step', 'administrator')
  return form
}
let presses = 0
const newPress = () => `walk-press-${++presses}`

/** What a caller with every right would send. A door that takes something and is not here stops the walk: say what it takes. */
const sends: Record<string, () => Sent> = {
  'POST /signin': () => ({ form: { email: 'nobody@yunfan.example', password: 'not the password' } }),
  'POST /signout': () => ({ form: {} }),
  'POST /signin/once/:token': () => ({ form: {} }),
  'POST /setup/:token': () => ({ form: { name: '外人', email: 'x@example.com', password: 'long enough, really', agencyName: '外人' } }),
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
  'POST /api/v1/component': () => ({ json: { appid: 'wx0000000000000000', secret: 'a'.repeat(32), token: 'walktoken', aesKey: 'a'.repeat(43), baseUrl: world.wechat.url } }),
  'POST /api/v1/incidents/:id/acts': () => ({ json: { press: newPress(), act: { do: 'note', text: '已电话联系' } } }),
  'POST /api/v1/incidents': () => ({ json: { accountId: theirs.accountId, playbook: 'stolen', words: '客户来电' }, names: true }),
  'POST /api/v1/me/sessions/:id/end': () => ({ json: {} }),
  'POST /api/v1/accounts/connect': () => ({ json: { appid: world.wechat.accounts[3]!.appid, secret: world.wechat.accounts[3]!.secret, name: '新账号', clientId: theirs.clientId, baseUrl: world.wechat.url, reception: 'poll' }, names: true }),
  'POST /api/v1/accounts/:id/release': () => ({ json: {} }),
  'POST /api/v1/accounts/:id/removal-agreement': () => ({ json: { agreed: true, by: '外人', text: '同意' } }),
  'POST /api/v1/settings/first-word': () => ({ json: { minutes: 10 } }),
  'POST /api/v1/publications': () => ({ json: { accountId: theirs.accountId, title: '走查', content: '<p>走查</p>', goesOutAt: '2099-01-01T00:00:00.000Z' }, names: true }),
  'POST /api/v1/demo/theft': () => ({ json: {} }),
}

/** Answers that are the same for everybody who may enter, with why that gives nothing away. */
const tellsNothing: Record<string, string> = {
  'GET /m/i/:id/live': 'beats, and changes of the own agency only',
  'GET /api/v1/incidents/:id/events': 'beats, and changes of the own agency only',
  'POST /m/sessions/:id/end': 'leads back to the own sessions; one of somebody else goes on',
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
  const id = path.includes('/sessions/') ? yunfan.one('admin').session : path.includes('/accounts/') ? theirs.accountId : theirs.incidentId
  return path
    .replace(/:file\{[^}]*\}[^/]*/, `${theirs.incidentId}.json`)
    .replace(':item', theirs.evidenceId)
    .replace(':id', id)
    .replace(':token', path.startsWith('/c/') ? (caller.clientToken ?? altered(theirs.clientToken)) : 'A'.repeat(32))
    .replace(':word/:provider', 'a'.repeat(24) + '/wecom')
    .replace('*', '')
}
const altered = (token: string) => `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`

type Answer = { status: number; location: string; text: string }

async function knock(entrance: Entrance, caller: Caller): Promise<Answer> {
  if (entrance.method !== 'GET' && !sends[entrance.key]) throw new Error(`${entrance.key} is new: add to this test what it takes`)
  const { json, form, query } = sends[entrance.key]?.() ?? {}
  return ask(entrance.method, pathOf(entrance, caller) + (query ?? ''), caller, json ? JSON.stringify(json) : form && !(form instanceof FormData) ? new URLSearchParams(form) : form)
}

async function ask(method: string, path: string, caller: Caller, body?: string | URLSearchParams | FormData): Promise<Answer> {
  const headers = { ...(await caller.headers()), origin: world.url, 'user-agent': 'walk', ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}) }
  const request = new Request(new URL(path, world.url), { method, headers: { host: new URL(world.url).host, ...headers }, ...(method === 'GET' ? {} : { body }) })
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
    'not allowed': status === 403,
    'link closed': status === 410,
    'not found': status === 404 || status === 409,
  }
  if (!right[verdict]) problems.push(`expected: ${verdict}; answered ${status} ${answer.text.slice(0, 160)}`)
  if (verdict !== 'enters' || !caller.sees) for (const secret of caller.secrets) if (answer.text.includes(secret)) problems.push(`told of ${secret}`)
  return problems.map((problem) => `${caller.who}: ${entrance.key}: ${problem}`)
}

test('whoever may not enter gets nothing, of their own agency or of another, and nothing changes', async () => {
  const before = await world.rows.of(yunfan.id)
  const problems: string[] = []
  let walked = 0

  for (const entrance of entrances)
    for (const caller of callers) {
      const verdict = verdictOn(entrance, caller)
      if (verdict === 'enters' && (caller.sees || entrance.need.who === 'client')) continue
      walked++
      problems.push(...problemsOf(entrance, await spared(entrance, caller), verdict, await knock(entrance, await spared(entrance, caller))))
    }

  expect(problems).toEqual([])
  expect(await world.rows.of(yunfan.id)).toEqual(before)
  expect(walked).toBeGreaterThan(entrances.length * 10)
})
