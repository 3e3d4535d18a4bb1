import type { App } from '../platform/app.ts'
import type { EffectKinds } from '../platform/outbox.ts'
import { seconds } from '../platform/time.ts'
import { articleIsGone, menuIsBaseline, removeArticle, restoreMenu } from './restoring.ts'

/**
 * What may be done to an account to make it as it was. Added by incidents, which decides whether: `restore-menu` with
 * payload {}, `remove-article` with payload {key}; both need accountId.
 */
export const monitoringEffects = (app: App): EffectKinds => ({
  'restore-menu': {
    reaches: 'wechat',
    whenUnknown: 'look',
    lease: seconds(40),
    carry: ({ agencyId, accountId }) => restoreMenu(app, agencyId, accountId!),
    look: ({ agencyId, accountId }) => menuIsBaseline(app, agencyId, accountId!),
  },
  'remove-article': {
    reaches: 'wechat',
    whenUnknown: 'look',
    lease: seconds(40),
    carry: ({ agencyId, accountId, payload }) => removeArticle(app, agencyId, accountId!, keyIn(payload)),
    look: ({ agencyId, accountId, payload }) => articleIsGone(app, agencyId, accountId!, keyIn(payload)),
  },
})

const keyIn = (payload: unknown): string => (payload as { key: string }).key
