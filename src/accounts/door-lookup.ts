import type { App } from '../platform/app.ts'
import { asDispatch, withAgency } from '../platform/database.ts'
import { type Duration, type Instant, seconds } from '../platform/time.ts'
import type { Door } from '../wechat/index.ts'
import type { Abilities, Reception } from './account.ts'
import { baselineOf } from './baseline.ts'
import type { ClickAnswer } from './passive-reply.ts'

export type DoorAccount = {
  id: string
  appid: string
  userName: string | null
  reception: Reception
  relayUrl: string | null
  sealedPushes: boolean
  /** We gave the address back, but WeChat may still push here until a person has changed it. */
  released: boolean
}
export type OpenDoor = {
  doorId: string
  agencyId: string
  componentAppid: string | null
  account: DoorAccount | null
  door: Door
  /** What restored menu buttons answer. */
  clickAnswers: ClickAnswer[]
  /** The database's clock when this was read. WeChat's timestamps may be a day off, so two seconds do not matter. */
  readAt: Instant
}
export type DoorLookup = { find(doorId: string, appid?: string): Promise<OpenDoor | undefined>; forget(doorId: string): void }

const KEPT: Duration = seconds(2)
const MOST_DOORS = 5000

/** Finds whose door a push came to. Kept for two seconds, so that a busy door costs no query and a changed key is soon known. */
export function makeDoorLookup(app: App, elapsedMs: () => number = () => performance.now()): DoorLookup {
  const known = new Map<string, { until: number; door: Promise<OpenDoor | undefined> }>()
  return {
    find(doorId, appid) {
      const key = `${doorId}/${appid ?? ''}`
      const hit = known.get(key)
      if (hit && elapsedMs() < hit.until) return hit.door
      // The key is the caller's: guessing doors must not grow this without bound.
      if (known.size >= MOST_DOORS) known.clear()
      const door = readDoor(app, doorId, appid)
      known.set(key, { until: elapsedMs() + KEPT, door })
      door.catch(() => known.delete(key))
      return door
    },
    forget(doorId) {
      for (const key of known.keys()) if (key.startsWith(`${doorId}/`)) known.delete(key)
    },
  }
}

async function readDoor(app: App, doorId: string, appid?: string): Promise<OpenDoor | undefined> {
  const whose = await asDispatch(app.database, (tx) =>
    tx.selectFrom('dx.callback_doors').select('agency_id').where('door_id', '=', doorId).executeTakeFirst(),
  )
  if (!whose) return undefined
  return withAgency(app.database, whose.agency_id, async (tx, readAt) => {
    const row = await tx.selectFrom('dx.callback_doors').selectAll().where('door_id', '=', doorId).executeTakeFirst()
    if (!row) return undefined
    let query = tx
      .selectFrom('dx.accounts')
      .select(['id', 'appid', 'user_name', 'reception', 'relay_url', 'abilities', 'former_reception', 'mode'])
      .where('disconnected_at', 'is', null)
    if (row.account_id) query = query.where('id', '=', row.account_id)
    else if (appid) query = query.where('appid', '=', appid).where('mode', '=', 'component')
    const found = row.account_id || appid ? await query.executeTakeFirst() : undefined
    if ((row.account_id || appid) && !found) return undefined
    const sealedPushes = (found?.abilities as Partial<Abilities> | undefined)?.sealedPushes === true
    const menu = found ? await baselineOf(tx, found.id, 'menu') : undefined
    return {
      doorId,
      agencyId: whose.agency_id,
      componentAppid: row.component_appid,
      account: found
        ? {
            id: found.id,
            appid: found.appid,
            userName: found.user_name,
            reception: found.reception as Reception,
            relayUrl: found.relay_url,
            sealedPushes,
            released: (found.former_reception as { released?: boolean } | null)?.released === true,
          }
        : null,
      door: {
        token: app.secrets.open(row.token_sealed),
        aesKeys: JSON.parse(app.secrets.open(row.aes_keys_sealed)) as string[],
        receiverId: row.component_appid ?? found?.appid ?? '',
        // `compat` asks for a sealed part and takes nothing else; a component is always sealed.
        mode: row.component_appid || sealedPushes ? 'compat' : 'any',
      },
      clickAnswers: menu?.answers ?? [],
      readAt,
    }
  })
}
