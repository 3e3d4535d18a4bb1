import type { Channels } from '../comms/index.ts'
import type { App } from '../platform/app.ts'
import type { EffectKinds } from '../platform/outbox.ts'
import { stepEffects } from './step-effects.ts'
import { tellEffects } from './tell-effects.ts'

export { incidentDeadlines } from './jobs.ts'
export const incidentEffects = (app: App, channels: Channels): EffectKinds => ({
  ...stepEffects(app),
  ...tellEffects(app, channels),
})
export { pinOpenHeads } from './pins.ts'
