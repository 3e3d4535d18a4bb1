import type { App } from '../platform/app.ts'
import type { Tx } from '../platform/database.ts'
import { thisAgency } from '../platform/jsonb.ts'

export type CallbackSettings = { url: string; token: string; aesKey: string }

/** The account's door, made at the first connect. New keys from the console are put in front; the former still opens. */
export async function ensureDoor(
  app: App,
  tx: Tx,
  accountId: string,
  given?: { token: string; aesKey: string },
): Promise<CallbackSettings> {
  const row = await tx.selectFrom('dx.callback_doors').selectAll().where('account_id', '=', accountId).executeTakeFirst()
  if (!row) {
    const settings = given ?? { token: letters(app, 24), aesKey: letters(app, 43) }
    const doorId = letters(app, 22)
    await tx
      .insertInto('dx.callback_doors')
      .values({
        agency_id: thisAgency,
        door_id: doorId,
        account_id: accountId,
        ...sealed(app, settings.token, [settings.aesKey]),
      })
      .execute()
    return { url: `${app.publicUrl()}/wx/${doorId}`, ...settings }
  }
  const keys = JSON.parse(app.secrets.open(row.aes_keys_sealed)) as string[]
  const token = given?.token ?? app.secrets.open(row.token_sealed)
  const aesKeys = given ? [...new Set([given.aesKey, ...keys])].slice(0, 2) : keys
  if (given)
    await tx
      .updateTable('dx.callback_doors')
      .set(sealed(app, token, aesKeys))
      .where('door_id', '=', row.door_id)
      .execute()
  return { url: `${app.publicUrl()}/wx/${row.door_id}`, token, aesKey: aesKeys[0]! }
}

/** The door of a third-party platform: its token and key come from the open platform, where they were chosen. */
export async function ensureComponentDoor(
  app: App,
  tx: Tx,
  appid: string,
  keys: { token: string; aesKey: string },
): Promise<{ eventUrl: string; messageUrl: string }> {
  const row = await tx.selectFrom('dx.callback_doors').selectAll().where('component_appid', '=', appid).executeTakeFirst()
  const doorId = row?.door_id ?? letters(app, 22)
  const former = row ? (JSON.parse(app.secrets.open(row.aes_keys_sealed)) as string[]) : []
  const columns = sealed(app, keys.token, [...new Set([keys.aesKey, ...former])].slice(0, 2))
  if (row) await tx.updateTable('dx.callback_doors').set(columns).where('door_id', '=', doorId).execute()
  else
    await tx
      .insertInto('dx.callback_doors')
      .values({ agency_id: thisAgency, door_id: doorId, component_appid: appid, ...columns })
      .execute()
  return { eventUrl: `${app.publicUrl()}/wx/c/${doorId}`, messageUrl: `${app.publicUrl()}/wx/c/${doorId}/$APPID$` }
}

const sealed = (app: App, token: string, aesKeys: string[]) => ({
  token_sealed: app.secrets.seal(token),
  aes_keys_sealed: app.secrets.seal(JSON.stringify(aesKeys)),
})

/** Unguessable letters and digits: all that WeChat takes in a token or a key. */
function letters(app: App, length: number): string {
  let text = ''
  while (text.length < length) text += app.randomText(length).replace(/[^A-Za-z0-9]/g, '')
  return text.slice(0, length)
}
