import { type Call, json, list, object, type Reply, readJson, string } from './answers.ts'
import { type Credentials, channelSettings } from './credentials.ts'
import { act, type City } from './people.ts'
import { type Provider, providerNames } from './world.ts'

const vendors = ['wecom', 'dingtalk', 'feishu', 'aliyun', 'tencent']

/** The simulator's own door: look at what people got, set things up, make things go wrong, let people act. */
export async function control(city: City, call: Call, smtpPort: number | undefined): Promise<Reply> {
  const { world } = city
  const body = readJson(call.text) ?? {}
  switch (`${call.method} ${call.path}`) {
    case 'GET /messages':
      return json(seenBy(city, call))
    case 'GET /credentials':
      return json({
        ...world.credentials,
        smtp: { host: '127.0.0.1', port: smtpPort },
        channels: channelSettings(world.credentials, call.url.origin, smtpPort),
      })
    case 'GET /pushes':
      return json({ pushes: world.pushes.log, waiting: world.pushes.waiting() })
    case 'GET /faults':
      return json({ faults: world.faults.list() })
    case 'GET /config':
      return json({ receiptUrls: world.receiptUrls })
    case 'POST /faults':
      return addFault(city, body)
    case 'DELETE /faults':
      world.faults.clear()
      return json({ ok: true })
    case 'POST /config':
      return configure(city, body)
    case 'POST /people':
      return act(city, body)
    case 'POST /check-addresses':
      return json({ wecom: await city.wecomApp.checkAddress(), feishu: await city.feishuApp.checkAddress() })
    case 'POST /flush':
      await world.pushes.flush(body.all === true)
      return json({ ok: true, pushes: world.pushes.log.length, waiting: world.pushes.waiting() })
    default:
      return json({ error: `no such control: ${call.method} /_sim/providers${call.path}` }, 404)
  }
}

function seenBy({ world }: City, call: Call) {
  const provider = call.query.get('provider')
  const to = call.query.get('to')
  const messages = world.messages.filter((message) => (!provider || message.provider === provider) && (!to || message.to === to))
  return { messages }
}

const isProvider = (name: string): name is Provider => providerNames.some((known) => known === name)

function addFault({ world }: City, body: Record<string, unknown>): Reply {
  const provider = string(body.provider)
  const fault = string(body.fault)
  if (!isProvider(provider)) return json({ error: `provider must be one of ${providerNames.join(', ')}` }, 400)
  if (!fault) return json({ error: 'fault must be named; simulator/providers/README.md lists them' }, 400)
  world.faults.add(provider, fault, Number(body.times ?? 1))
  return json({ ok: true, faults: world.faults.list() })
}

/** `receiptUrl` is a base: each vendor pushes to `<base>/<vendor>`. `receiptUrls` names them one by one and wins. */
function configure({ world }: City, body: Record<string, unknown>): Reply {
  const base = string(body.receiptUrl).replace(/\/$/, '')
  if (base) for (const vendor of vendors) world.receiptUrls[vendor] = `${base}/${vendor}`
  for (const [vendor, url] of Object.entries(object(body.receiptUrls))) {
    if (!vendors.includes(vendor)) return json({ error: `unknown vendor ${vendor}; known: ${vendors.join(', ')}` }, 400)
    world.receiptUrls[vendor] = string(url)
  }
  if (typeof body.linkBot === 'boolean') world.linkBot = body.linkBot
  const given = object(body.credentials)
  for (const vendor of Object.keys(given)) {
    if (!(vendor in world.credentials)) return json({ error: `unknown vendor ${vendor}` }, 400)
    Object.assign(world.credentials[vendor as keyof Credentials], object(given[vendor]))
  }
  return json({ ok: true, receiptUrls: world.receiptUrls, changed: list(Object.keys(given)) })
}
