import { oc } from '@orpc/contract'
import { z } from 'zod'
import { anyStaff, type Need } from '../platform/access.ts'
import { actSchema } from './acts.ts'
import type { IncidentRow, WarRoomView } from './view.ts'

const view = <T>() => z.custom<T>((value) => typeof value === 'object' && value !== null)
const base = oc.$meta<{ need: Need }>({ need: anyStaff }).errors({
  UNAUTHORIZED: { message: '请先登录' },
  FORBIDDEN: { message: '没有这个权限' },
  NOT_FOUND: { message: '没有找到' },
  CONFLICT: { message: '现在不能这样做', data: z.object({ reason: z.string() }) },
})

/** One contract for the console, the command line and the reference. */
export const incidentsContract = {
  list: base
    .route({ method: 'GET', path: '/incidents', summary: 'Incidents, nearest deadline first', tags: ['incidents'] })
    .input(z.object({ tab: z.enum(['open', 'client', 'watching', 'closed', 'drill', 'all']).default('open') }))
    .output(z.array(view<IncidentRow>())),
  get: base
    .route({ method: 'GET', path: '/incidents/{id}', summary: 'Everything about one incident', tags: ['incidents'] })
    .input(z.object({ id: z.uuid() }))
    .output(view<WarRoomView>()),
  act: base
    .route({ method: 'POST', path: '/incidents/{id}/acts', summary: 'Do something to an incident', tags: ['incidents'] })
    .input(z.object({ id: z.uuid(), press: z.string().min(8).max(100), deviceAt: z.iso.datetime().optional(), act: actSchema }))
    .output(view<WarRoomView>()),
  report: base
    .route({ method: 'POST', path: '/incidents', successStatus: 201, summary: 'Report an incident by hand', tags: ['incidents'] })
    .input(
      z.object({
        accountId: z.uuid(),
        playbook: z.string().default('stolen'),
        words: z.string().trim().min(1).max(500),
        detectedAt: z.iso.datetime().optional(),
      }),
    )
    .output(view<WarRoomView>()),
}
