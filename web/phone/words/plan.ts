import type { Catalogue } from '../../shared/i18n.ts'

/** The two plans, read by clients and shown to staff as the client sees them. */
export const planZh = {
  plan: '方案 {name}',
  planAsks: '请您',
  planCost: '留意',
  planDoes: '做法',
  planExpect: '预计',
  planOdds: '把握',
} as const

export const planEn: Catalogue<typeof planZh> = {
  plan: 'Plan {name}',
  planAsks: 'You',
  planCost: 'Mind',
  planDoes: 'We do',
  planExpect: 'Time',
  planOdds: 'Odds',
}
