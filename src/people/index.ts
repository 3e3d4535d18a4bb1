export { AGENCY_HEADER, ensureLocalToken, LOCAL_PERSON, whoIs } from './actors.ts'
export { type Auth, migrateAuth, type NewUser, openAuth, type SessionRow, type SignedIn } from './auth.ts'
export { clientAddress, isFromThisMachine } from './client-address.ts'
export {
  addPerson,
  type By,
  changePerson,
  leave,
  listPeople,
  membershipOf,
  type PersonChanges,
  reactivate,
  setAway,
  setChannels,
  setDrillConsent,
} from './commands.ts'
export {
  defaultPolicies,
  type EscalationPolicy,
  type Hop,
  type Ladder,
  type LadderFact,
  ladder,
  type OnCallPerson,
  type PlannedPage,
  type Roster,
  type Severity,
  type Whom,
  whomNames,
} from './escalation.ts'
export { checkPolicy, escalationPolicies, nightOf, rosterAt, setEscalation } from './escalation-settings.ts'
export { chooseMyPassword } from './own-password.ts'
export { type Person, type PersonChannel, type PersonFields, type PersonId, roleNames } from './people.ts'
export { type PermissionTable, permissionTable, rolesFor } from './permissions.ts'
export { defaultNight, mayDisturbFrom, type QuietHours, quietFor } from './quiet-hours.ts'
export { type Duty, type Gap, gaps, type Override, onDuty, type Position, type Shift } from './rota.ts'
export {
  addOverride,
  addShift,
  type NewOverride,
  type NewShift,
  onDutyNow,
  planWeek,
  type RotaView,
  removeOverride,
  removeShift,
  rotaView,
} from './rota-commands.ts'
export { mySessions, revokeMyOtherSessions, revokeMySession, type SessionView } from './sessions.ts'
export {
  enterBySignInLink,
  linkForFirstAdmin,
  linkForPerson,
  makeSignInLink,
  type NewAdmin,
  type NewLink,
  type OpenLink,
  openSignInLink,
} from './sign-in-links.ts'
export { allPeople, findPerson } from './store.ts'
export { type Way, wayNames, wayOf } from './ways.ts'
