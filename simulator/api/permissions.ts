import { refuse } from '../errors.ts'
import type { Account } from '../state/account.ts'
import type { Token, World } from '../state/world.ts'
import type { Group } from './call.ts'

/** Facts 0.1: which kind of account may call what. */
const needsVerified = new Set<Group>([
  'freepublish',
  'mass',
  'mass-openids',
  'comment',
  'user',
  'custom',
  'datacube',
  'article-data',
  'template',
])
const serviceOnly = new Set<Group>(['mass-openids', 'template'])

/** What an account punished with 48004 can no longer do; the rest of it keeps working. */
const forbiddenWhenPunished = new Set<Group>(['freepublish', 'mass', 'mass-openids', 'custom', 'template', 'menu', 'comment'])

/** Permission sets that a component must have been granted (funcscope_category.id), any one of them. */
const scopes: Partial<Record<Group, number[]>> = {
  user: [2],
  datacube: [2],
  'article-data': [7],
  freepublish: [7],
  mass: [7],
  'mass-openids': [7],
  comment: [7],
  draft: [11, 100],
  material: [11, 100],
  menu: [15],
  custom: [1],
  template: [7, 100, 101],
}

export function checkPermission(world: World, account: Account, token: Token, group: Group): void {
  if (token.family === 'authorizer') checkAuthorisation(world, account, group)
  if (group === 'basic') return
  if (account.penal === 'limited') refuse(50002)
  if (account.penal === 'frozen') refuse(50007)
  if (account.penal === 'api-forbidden' && forbiddenWhenPunished.has(group)) refuse(48004)
  if (needsVerified.has(group) && !account.verified) refuse(48001)
  if (serviceOnly.has(group) && account.kind !== 'SVC') refuse(48001)
  if (group === 'menu' && !account.verified && account.kind === 'SUB') refuse(48001)
}

function checkAuthorisation(world: World, account: Account, group: Group): void {
  const authorisation = world.component.authorisations.get(account.appid)
  if (!authorisation || authorisation.withdrawn) refuse(61003)
  const accepted = scopes[group]
  if (accepted && !accepted.some((id) => authorisation.funcscopes.includes(id))) refuse(61007)
}
