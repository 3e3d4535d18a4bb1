/** Who is asking, and what a door needs. Every route declares a `Need`; a test walks all of them. */
export type Role = 'admin' | 'lead' | 'account-manager' | 'editor' | 'duty'
export const everyRole: readonly Role[] = ['admin', 'lead', 'account-manager', 'editor', 'duty']

export type Actor = {
  agencyId: string
  personId: string
  name: string
  role: Role
  /** A session of a browser, the local command line, or a personal link to one incident (acknowledge and steps only). */
  via: 'session' | 'local' | 'link'
  /** When this device last signed in; sending to a client asks for 12 hours or less. */
  signedInAt?: string
  incidentId?: string
}

export type Need =
  | { who: 'anyone' }
  /** One of these roles, signed in; `links` also lets a person's link to that incident in. */
  | { who: 'staff'; roles: readonly Role[]; links?: true }
  /** The holder of a client's signed link. */
  | { who: 'client' }
  /** The command line on this machine with the token file. */
  | { who: 'local' }

export const anyStaff: Need = { who: 'staff', roles: everyRole }
/** Whoever may be woken and work through an incident. */
export const responders: Need = { who: 'staff', roles: ['admin', 'lead', 'duty', 'editor', 'account-manager'], links: true }
export const deciders: Need = { who: 'staff', roles: ['admin', 'lead'] }
export const tellers: Need = { who: 'staff', roles: ['admin', 'lead', 'duty', 'account-manager'] }
export const admins: Need = { who: 'staff', roles: ['admin'] }

export function mayPass(need: Need, actor: Actor | undefined): boolean {
  switch (need.who) {
    case 'anyone':
      return true
    case 'staff':
      if (!actor) return false
      if (actor.via === 'link') return need.links === true && need.roles.includes(actor.role)
      return need.roles.includes(actor.role)
    case 'local':
      return actor?.via === 'local'
    case 'client':
      return false // judged by the link itself, src/incidents/portal
  }
}
