export { readPlaybook } from './check.ts'
export { type Library, loadLibrary } from './library.ts'
export type { AutomaticEffect, Condition, Owner, Playbook, PlaybookStep, SignalKind } from './playbook.ts'
export { begin, isFinished, nowFor, refresh, type Situation, type StepState, type StepStatus } from './stepper.ts'
