import type { WarRoomView } from '../../src/incidents/view.ts'
import { address } from './desk.tsx'
import type { Send } from './queue.ts'

type Body = { ok?: boolean; reason?: string; view?: WarRoomView }

/** How a waiting press travels: acts as JSON, pictures as the same form the page without a script would post. */
export const sendTo =
  (path: string): Send =>
  async (one) => {
    const response = one.kind === 'act' ? await postAct(path, one) : await postFile(path, one)
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: isJson ? ((await response.json()) as Body) : undefined }
  }

type One = Parameters<Send>[0]
const postAct = (path: string, { press, deviceAt, act, linkKey }: Extract<One, { kind: 'act' }>): Promise<Response> =>
  fetch(address(`${path}/act`, { k: linkKey }), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ press, deviceAt, act }),
  })

function postFile(path: string, { press, deviceAt, file, fields, name }: Extract<One, { kind: 'upload' }>): Promise<Response> {
  const form = new FormData()
  for (const [key, value] of Object.entries({ ...fields, press, deviceAt })) form.set(key, value)
  form.set('file', file, name)
  return fetch(address(`${path}/evidence`, { k: fields.k }), {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: form,
  })
}

/** The phone's own hash of the untouched original, so that a change on the way would show. */
export async function hashOf(file: Blob): Promise<string | undefined> {
  if (!crypto.subtle) return undefined // only on pages served over HTTPS
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
