import path from 'node:path'
import { type EvidenceItem, loadOrCreateSigningKey, requestTimestamp, sha256, verifyPack, writePack } from '../evidence/index.ts'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import { before, type Instant, minutes } from '../platform/time.ts'
import { pinHead } from './pins.ts'
import type { Snapshot } from './snapshot.ts'
import { chainEntry, readTimeline } from './store.ts'
import { describe } from './words-of-facts.ts'

export const productVersion = '0.1.0'
export type ExportedPack = { hash: string; bytes: Uint8Array; items: number; fileName: string }

/**
 * Everything about an incident in one signed file that verifies without us: the timeline with its chain, kept items, pushes as
 * received, our calls with WeChat's answers and rids. It is verified once before it is handed out.
 */
export async function exportPack(app: App, agencyId: string, incidentId: string): Promise<ExportedPack> {
  const read = await withAgency(app.database, agencyId, (tx, now) => readAll(tx, now, incidentId))
  const { incident, state, entries, agency } = read
  await pinHead(app, agencyId, { incidentId, number: incident.number, seq: incident.head_seq, hash: incident.head_hash })
  const pins = await withAgency(app.database, agencyId, (tx) =>
    tx.selectFrom('dx.chain_pins').selectAll().where('incident_id', '=', incidentId).orderBy('seq').execute(),
  )
  const items = await withBytes(app, read)
  const signingKey = await loadOrCreateSigningKey(path.join(app.config.home, 'evidence.key'))
  const { timestampUrl } = app.config
  const bytes = await writePack({
    agency: { name: agency },
    incident: {
      id: incidentId,
      number: `INC-${incident.number}`,
      title: `${state.title} · ${state.clientName}`,
      severity: state.severity,
      openedAt: state.openedAt,
      ...(state.mode === 'drill' ? { isDrill: true } : {}),
    },
    entries: entries.map((entry) => ({ ...chainEntry(entry), hash: entry.hash })),
    head: incident.head_hash,
    pins: pins.map((pin) => ({ at: pin.pinned_at, head: pin.hash, seq: pin.seq, where: path.basename(pin.place) })),
    items,
    exportedAt: read.now,
    productVersion,
    signingKey,
    words: {
      sentence: ({ seq }) => {
        const entry = entries.find((e) => e.seq === seq)!
        const line = describe(entry, state)
        return line.detail ? `${line.title}\n${line.detail}` : line.title
      },
      person: (by) => by,
    },
    ...(timestampUrl ? { timestamp: (hash: string) => stamp(app, timestampUrl, hash) } : {}),
  })
  const verdict = verifyPack(bytes)
  if (!verdict.ok) throw new Error('the pack just written does not verify')
  const { hash } = await app.objects.put(bytes)
  return { hash, bytes, items: items.length, fileName: `INC-${incident.number}-${read.now.slice(0, 10)}.zip` }
}

async function stamp(app: App, url: string, hash: string): Promise<Uint8Array | null> {
  const answer = await requestTimestamp(url, hash, { fetch: app.fetch, nonce: Buffer.from(app.randomText(8), 'base64url') })
  if (!answer.ok) app.log.warn({ url }, `no trusted timestamp: ${answer.reason}`)
  return answer.ok ? answer.value.response : null
}

async function readAll(tx: Tx, now: Instant, incidentId: string) {
  const incident = await tx.selectFrom('dx.incidents').selectAll().where('id', '=', incidentId).executeTakeFirstOrThrow()
  const from = before(incident.detected_at, minutes(15))
  return {
    now,
    incident,
    state: incident.snapshot as unknown as Snapshot,
    entries: await readTimeline(tx, incidentId),
    agency: (await tx.selectFrom('dx.agencies').select('name').executeTakeFirstOrThrow()).name,
    evidence: await tx
      .selectFrom('dx.evidence_items')
      .selectAll()
      .where('incident_id', '=', incidentId)
      .orderBy('taken_at')
      .orderBy('name')
      .execute(),
    pushes: await tx
      .selectFrom('dx.pushes')
      .selectAll()
      .where('account_id', '=', incident.account_id)
      .where('received_at', '>=', from)
      .where('raw', 'is not', null)
      .orderBy('received_at')
      .limit(500)
      .execute(),
    calls: await tx
      .selectFrom('dx.wechat_calls')
      .selectAll()
      .where('account_id', '=', incident.account_id)
      .where('started_at', '>=', from)
      .orderBy('id')
      .limit(2000)
      .execute(),
  }
}

async function withBytes(app: App, read: Awaited<ReturnType<typeof readAll>>): Promise<EvidenceItem[]> {
  const items: EvidenceItem[] = []
  const names = new Map<string, number>()
  const unique = (name: string) => {
    const count = (names.get(name) ?? 0) + 1
    names.set(name, count)
    return count === 1 ? name : name.replace(/(\.[^.]*)?$/, (ending) => `-${count}${ending}`)
  }
  for (const row of read.evidence) {
    const bytes = await app.objects.get(row.hash)
    if (!bytes) throw new Error(`the evidence item ${row.name} is missing from the store`)
    items.push({
      name: unique(row.name),
      hash: row.hash,
      mediaType: row.media_type,
      takenAt: row.taken_at,
      source: `${row.source}（${row.by}）`,
      ...(row.step ? { step: row.step } : {}),
      bytes,
    })
  }
  for (const push of read.pushes)
    items.push(textItem(unique(`push-${push.kind}.xml`), 'application/xml', push.received_at, '微信推送，原样', push.raw!))
  if (read.calls.length > 0) {
    const lines = read.calls.map(({ agency_id: _agency, account_id: _account, ...call }) => JSON.stringify(call)).join('\n')
    items.push(
      textItem(unique('wechat-calls.jsonl'), 'application/x-ndjson', read.now, '我们对微信的调用与回答，含 rid', `${lines}\n`),
    )
  }
  return items
}

function textItem(name: string, mediaType: string, takenAt: Instant, source: string, text: string): EvidenceItem {
  const bytes = Buffer.from(text, 'utf8')
  return { name, hash: sha256(bytes), mediaType, takenAt, source, bytes }
}
