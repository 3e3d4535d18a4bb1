/** Carries the caller's address to better-auth. Set by us on every request, so a caller cannot choose it. */
export const PEER_HEADER = 'x-dingxin-peer'

const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'x-forwarded-host']

/**
 * The address a request came from: the socket's, or what a trusted proxy says when one is configured.
 * A proxy appends, so of several addresses the last one is the one it saw itself.
 */
export function clientAddress(headers: Headers, peer: string | undefined, trustedHeader?: string): string | undefined {
  const told = trustedHeader ? headers.get(trustedHeader)?.split(',').at(-1)?.trim() : undefined
  return told || plainAddress(peer)
}

/** Whether the caller sits on this machine. Behind a proxy everyone seems to, so a forwarded request never counts. */
export function isFromThisMachine(headers: Headers, peer: string | undefined): boolean {
  if (forwardingHeaders.some((name) => headers.has(name))) return false
  const address = plainAddress(peer)
  return address === '::1' || (address?.startsWith('127.') ?? false)
}

/** An IPv4 address that arrived on an IPv6 socket reads "::ffff:127.0.0.1". */
const plainAddress = (peer: string | undefined) => peer?.replace(/^::ffff:/i, '')
