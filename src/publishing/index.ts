export { type NewPublication, schedulePublication } from './commands.ts'
export { publishingEffects } from './effects.ts'
export { liftHold, liveHolds, placeHold } from './holds.ts'
export { publishingDeadlines } from './jobs.ts'
