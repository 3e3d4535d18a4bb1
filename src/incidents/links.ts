import type { App } from '../platform/app.ts'
import { asDispatch, type Tx, withAgency } from '../platform/database.ts'
import { thisAgency } from '../platform/jsonb.ts'
import { after, hours, type Instant } from '../platform/time.ts'

export type Link = {
  agencyId: string
  purpose: 'client' | 'person'
  incidentId: string
  clientId?: string
  personId?: string
  expiresAt: Instant
}

/** A link's text follows from the secret key, so it can be written into a message again without being stored anywhere. */
const tokenOf = (app: App, what: string) => Buffer.from(app.secrets.digest(what), 'hex').toString('base64url').slice(0, 22)

/** The client's link to one incident: readable any number of times until 72 hours after it closed. */
export async function clientLink(
  tx: Tx,
  app: App,
  incidentId: string,
  clientId: string,
  now: Instant,
): Promise<{ token: string; url: string }> {
  const token = tokenOf(app, `client:${incidentId}:${clientId}`)
  await keep(tx, app, { token, purpose: 'client', incidentId, clientId, expiresAt: after(now, hours(24 * 30)) })
  return { token, url: `${app.publicUrl()}/c/${token}` }
}

/** One person's link to one incident, 24 hours: opening shows, a press acts as that person for acknowledging and steps. */
export async function personLink(
  tx: Tx,
  app: App,
  incidentId: string,
  personId: string,
  now: Instant,
): Promise<{ token: string; url: string }> {
  const token = tokenOf(app, `person:${incidentId}:${personId}:${now.slice(0, 10)}`)
  await keep(tx, app, { token, purpose: 'person', incidentId, personId, expiresAt: after(now, hours(24)) })
  return { token, url: `${app.publicUrl()}/m/i/${incidentId}?k=${token}` }
}

async function keep(
  tx: Tx,
  app: App,
  link: {
    token: string
    purpose: 'client' | 'person'
    incidentId: string
    clientId?: string
    personId?: string
    expiresAt: Instant
  },
) {
  await tx
    .insertInto('dx.links')
    .values({
      agency_id: thisAgency,
      token_hash: app.secrets.digest(`link:${link.token}`),
      purpose: link.purpose,
      incident_id: link.incidentId,
      client_id: link.clientId ?? null,
      person_id: link.personId ?? null,
      expires_at: link.expiresAt,
    })
    // Written into one more message, it lasts from then on; one that was revoked stays revoked.
    .onConflict((c) =>
      c
        .column('token_hash')
        .doUpdateSet((e) => ({ expires_at: e.fn<Instant>('greatest', ['dx.links.expires_at', 'excluded.expires_at']) })),
    )
    .execute()
}

/** Three days after the end whoever finds an old message learns nothing more from it. */
async function isLongClosed(tx: Tx, incidentId: string, now: Instant): Promise<boolean> {
  const row = await tx.selectFrom('dx.incidents').select('closed_at').where('id', '=', incidentId).executeTakeFirst()
  return Boolean(row?.closed_at && after(row.closed_at, hours(72)) <= now)
}

export type LinkRefusal = 'unknown' | 'expired' | 'revoked'

/** Reads a link; changes nothing. An altered one is simply unknown. */
export async function readLink(app: App, token: string): Promise<{ ok: true; link: Link } | { ok: false; why: LinkRefusal }> {
  if (!/^[A-Za-z0-9_-]{22}$/.test(token)) return { ok: false, why: 'unknown' }
  const hash = app.secrets.digest(`link:${token}`)
  const found = await asDispatch(app.database, (tx) =>
    tx.selectFrom('dx.links').select('agency_id').where('token_hash', '=', hash).executeTakeFirst(),
  )
  if (!found) return { ok: false, why: 'unknown' }
  return withAgency(app.database, found.agency_id, async (tx, now) => {
    const row = await tx.selectFrom('dx.links').selectAll().where('token_hash', '=', hash).executeTakeFirst()
    if (!row?.incident_id) return { ok: false, why: 'unknown' }
    if (row.revoked_at) return { ok: false, why: 'revoked' }
    if (row.expires_at <= now || (await isLongClosed(tx, row.incident_id, now))) return { ok: false, why: 'expired' }
    const link: Link = {
      agencyId: row.agency_id,
      purpose: row.purpose as Link['purpose'],
      incidentId: row.incident_id,
      expiresAt: row.expires_at,
      ...(row.client_id ? { clientId: row.client_id } : {}),
      ...(row.person_id ? { personId: row.person_id } : {}),
    }
    return { ok: true, link }
  })
}
