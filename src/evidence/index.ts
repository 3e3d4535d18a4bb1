/** The door of the evidence capability. */
export { canonical, isSha256, type Json, sha256 } from './canonical.ts'
export { type ChainEntry, type ChainVerdict, chained, entryHash, genesis, type HashedEntry, verifyChain } from './chain.ts'
export { type EvidenceItem, type PackInput, PackRefused, writePack } from './pack.ts'
export type { Pin } from './pack-format.ts'
export type { ReportWords } from './report.ts'
export {
  fingerprint,
  generateSigningKey,
  isSignedBy,
  loadOrCreateSigningKey,
  loadSigningKey,
  type SigningKey,
  signBytes,
  spokenFingerprint,
} from './signing.ts'
export { checkTimestamp, requestTimestamp, timestampRequest } from './timestamp.ts'
export type { Timestamp } from './timestamp-token.ts'
export type { PackFacts, Problem, Verdict } from './verdict.ts'
export { verifyText } from './verdict-text.ts'
export { verifyPack } from './verify.ts'
export { verifyCommand } from './verify-command.ts'
