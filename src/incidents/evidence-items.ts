import type { Actor } from '../platform/access.ts'
import type { App } from '../platform/app.ts'
import { asActor, withAgency } from '../platform/database.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { instant } from '../platform/time.ts'
import { change } from './commands.ts'

export type Upload = {
  source?: '手机上传' | '电脑上传'
  name: string
  mediaType: string
  bytes: Uint8Array
  step?: string
  proof?: string
  deviceAt?: string
}

/** What a file really is, by its first bytes; what is not on this list is not taken. */
function mediaTypeOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 16))
  if (head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg'
  if (head.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'image/png'
  if (head.toString('latin1', 0, 4) === 'GIF8') return 'image/gif'
  if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP') return 'image/webp'
  if (/^(heic|heix|mif1|msf1)$/.test(head.toString('latin1', 8, 12))) return 'image/heic'
  if (head.toString('latin1', 0, 5) === '%PDF-') return 'application/pdf'
  return undefined
}

/** Keeps an original unaltered under its hash and puts it on the timeline. The same file for the same purpose counts once. */
export async function addEvidence(app: App, actor: Actor, incidentId: string, upload: Upload): Promise<Outcome<{ id: string }>> {
  const mediaType = mediaTypeOf(upload.bytes)
  if (!mediaType) return refused('只收照片、截图和 PDF，这个文件没有保存。请截图后再传。')
  const isVisible = await asActor(app.database, actor, (tx) =>
    tx.selectFrom('dx.incidents').select('id').where('id', '=', incidentId).executeTakeFirst(),
  )
  if (!isVisible) return refused('没有找到这起事件。')
  const { hash, size } = await app.objects.put(upload.bytes)
  return withAgency(app.database, actor.agencyId, async (tx, now) => {
    const id = app.newId()
    const name = safeName(upload.name, mediaType)
    const deviceAt = upload.deviceAt && !Number.isNaN(Date.parse(upload.deviceAt)) ? instant(upload.deviceAt) : undefined
    const purpose = { ...(upload.step ? { step: upload.step } : {}), ...(upload.proof ? { proof: upload.proof } : {}) }
    const changed = await change(app, tx, now, incidentId, async ({ state }) => {
      if (state.evidence.some((e) => e.hash === hash && e.step === purpose.step && e.proof === purpose.proof)) return done([])
      await tx
        .insertInto('dx.evidence_items')
        .values({
          agency_id: thisAgency,
          id,
          incident_id: incidentId,
          hash,
          size,
          name,
          media_type: mediaType,
          source: upload.source ?? '电脑上传',
          step: purpose.step ?? null,
          proof: purpose.proof ?? null,
          device_at: deviceAt ?? null,
          taken_at: now,
          by: actor.name,
        })
        .onConflict((c) => c.doNothing())
        .execute()
      return done([
        {
          by: actor.name,
          fact: {
            kind: 'evidence-added',
            itemId: id,
            name,
            hash,
            source: upload.source ?? '电脑上传',
            ...purpose,
            ...(deviceAt ? { deviceAt } : {}),
          },
        },
      ])
    })
    return changed.ok ? done({ id }) : changed
  })
}

const endings: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/heic': 'heic',
  'application/pdf': 'pdf',
}
const safeName = (name: string, mediaType: string) =>
  `${
    name
      .replace(/\.[^.]*$/, '')
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .slice(0, 60) || '照片'
  }.${endings[mediaType]}`

/** Hands out one piece and notes who looked: reads of evidence are in the audit. */
export async function readEvidence(
  app: App,
  actor: Actor,
  incidentId: string,
  itemId: string,
): Promise<{ name: string; mediaType: string; bytes: Uint8Array } | undefined> {
  const row = await asActor(app.database, actor, async (tx) => {
    if (!(await tx.selectFrom('dx.incidents').select('id').where('id', '=', incidentId).executeTakeFirst())) return undefined
    const found = await tx
      .selectFrom('dx.evidence_items')
      .selectAll()
      .where('incident_id', '=', incidentId)
      .where('id', '=', itemId)
      .executeTakeFirst()
    if (found)
      await tx
        .insertInto('dx.audit')
        .values({ agency_id: thisAgency, who: actor.name, what: 'evidence-read', detail: jsonb({ itemId }) })
        .execute()
    return found
  })
  const bytes = row && (await app.objects.get(row.hash))
  return row && bytes ? { name: row.name, mediaType: row.media_type, bytes } : undefined
}
