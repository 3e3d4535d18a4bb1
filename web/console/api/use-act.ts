import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import type { Act } from '../../../src/incidents/acts.ts'
import type { WarRoomView } from '../../../src/incidents/view.ts'
import { instant } from '../../../src/platform/time.ts'
import { useWords } from '../words/words.tsx'
import { api, freshPress } from './client.ts'
import { CallRefused, type Problem, problemOf } from './problem.ts'
import { meQuery, warRoomQuery } from './queries.ts'
import { timed } from './server-clock.ts'

/** What to tell somebody whose press did not go through; what they typed is still on the screen. */
export function useTellProblem(): (error: unknown) => void {
  const { t } = useWords()
  const { message } = App.useApp()
  const queries = useQueryClient()
  return (error) => {
    const problem = problemOf(error)
    // Asking who is signed in brings up the note that offers to sign in again beside the page.
    if (problem.kind === 'signed-out') queries.invalidateQueries({ queryKey: meQuery.queryKey })
    message.open({ type: problem.kind === 'refused' ? 'warning' : 'error', content: inWords(problem), duration: 8 })
  }
  function inWords(problem: Problem): string {
    switch (problem.kind) {
      case 'refused':
        return problem.reason
      case 'forbidden':
        return t('act.forbidden')
      case 'signed-out':
        return t('signedOut.what')
      case 'broken':
        return `${t('act.broken')} ${t('problem.code', { code: problem.code })}`
      case 'not-found':
      case 'unreachable':
        return t('act.unreachable')
    }
  }
}

/** Does one act on an incident; the answer is the incident as it now stands. */
export function useAct(id: string) {
  const queries = useQueryClient()
  const tellProblem = useTellProblem()
  return useMutation({
    // One press has one number, also when the call is repeated after a lost answer.
    mutationFn: ({ act, press }: { act: Act; press: string }): Promise<WarRoomView> =>
      timed(() => api.incidents.act({ id, press, deviceAt: instant(Date.now()), act })),
    retry: (failures, error) => failures < 2 && problemOf(error).kind === 'unreachable',
    onSuccess: (view) => {
      queries.setQueryData(warRoomQuery(id).queryKey, view)
      queries.invalidateQueries({ queryKey: ['incidents'] })
    },
    onError: tellProblem,
  })
}

export type DoAct = (act: Act) => Promise<WarRoomView | undefined>

/** `undefined` means that it did not happen and the person has been told why. */
export function useDoAct(id: string): { doAct: DoAct; busy: boolean } {
  const mutation = useAct(id)
  const doAct: DoAct = (act) => mutation.mutateAsync({ act, press: freshPress() }).catch(() => undefined)
  return { doAct, busy: mutation.isPending }
}

export type Upload = { file: File; step?: string; proof?: string }

/** Evidence goes up untouched; the server takes its hash. */
export function useUpload(id: string) {
  const queries = useQueryClient()
  const tellProblem = useTellProblem()
  return useMutation({
    mutationFn: async ({ file, step, proof }: Upload) => {
      const form = new FormData()
      form.set('file', file)
      form.set('step', step ?? '')
      form.set('proof', proof ?? '')
      form.set('deviceAt', instant(Date.now()))
      const answer = await fetch(`/m/i/${id}/evidence`, {
        method: 'POST',
        body: form,
        headers: { accept: 'application/json' },
        credentials: 'same-origin',
      })
      const said: unknown = await answer.json().catch(() => undefined)
      const reason = typeof said === 'object' && said !== null && 'reason' in said ? String(said.reason) : ''
      if (!answer.ok || reason) throw new CallRefused(answer.ok ? 409 : answer.status, reason || answer.statusText)
    },
    onSettled: () => queries.invalidateQueries({ queryKey: warRoomQuery(id).queryKey }),
    onError: tellProblem,
  })
}
