import { admins, anyStaff, deciders, everyRole, mayPass, type Need, type Role, responders, tellers } from '../platform/access.ts'
import { roleNames } from './people.ts'

type Ability = { what: string; need: Need; note?: string }

/** What the doors ask for, in the words of the settings page. The doors themselves are in `platform/access.ts`. */
const abilities: Ability[] = [
  { what: '看今日、事件、日历和文章', need: anyStaff },
  { what: '改自己的联系方式、休假和演练意愿', need: anyStaff },
  { what: '报告事件', need: anyStaff },
  { what: '接手事件、完成步骤、上传证据', need: responders },
  { what: '发消息给客户', need: tellers, note: '这台设备要在 12 小时内登录过' },
  { what: '批准发布、紧急停发、撤下文章', need: deciders, note: '这台设备要在 12 小时内登录过' },
  { what: '改级别、合并和关闭事件', need: deciders },
  { what: '排班、换班、改别人的休假', need: deciders },
  { what: '加人、改角色、办离开', need: admins },
  { what: '接入公众号、配通知渠道、改升级策略', need: admins },
]

export type PermissionRow = { what: string; note?: string; allowed: Record<Role, boolean>; byPersonalLink: boolean }
export type PermissionTable = { roles: { role: Role; name: string }[]; rows: PermissionRow[] }

/** Who may do what, asked from the same rule that guards the doors, so the page cannot say something else. */
export function permissionTable(): PermissionTable {
  const passes = (need: Need, role: Role, via: 'session' | 'link') =>
    mayPass(need, { agencyId: '', personId: '', name: '', role, via })
  return {
    roles: everyRole.map((role) => ({ role, name: roleNames[role] })),
    rows: abilities.map(({ what, need, note }) => ({
      what,
      note,
      allowed: Object.fromEntries(everyRole.map((role) => [role, passes(need, role, 'session')])) as Record<Role, boolean>,
      byPersonalLink: everyRole.some((role) => passes(need, role, 'link')),
    })),
  }
}

/** Who can help, for a page that has to say no: “需要管理员”. */
export const rolesFor = (need: Need): string =>
  need.who === 'staff' ? need.roles.map((role) => roleNames[role]).join('、') : need.who === 'local' ? '服务器上的命令行' : ''
