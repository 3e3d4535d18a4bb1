import paths from 'virtual:dingxin-contract'
import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import type { contract } from '../../../src/contract.ts'

const link = new OpenAPILink(paths, {
  url: () => `${window.location.origin}/api/v1`,
  fetch: (request, init) => fetch(request, { ...init, credentials: 'same-origin' }),
})

/** The server as typed calls. Moments travel as text (`Instant`), so nothing needs converting on the way. */
export const api: ContractRouterClient<typeof contract> = createORPCClient(link)

/** A fresh number for one press of a button: the same press arriving twice counts once. */
export function freshPress(): string {
  // randomUUID is missing on plain http addresses, which self-hosted installations may have inside an office.
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
