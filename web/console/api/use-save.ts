import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useTellProblem } from './use-act.ts'

type Parts<Input, Answer> = {
  save: (input: Input) => Promise<Answer>
  /** Which questions have another answer now. */
  changes: readonly QueryKey[]
  said?: string
  onDone?: (answer: Answer) => void
}

/** One press on save: what went wrong is told and what was typed stays; what went well is said and shown afresh. */
export function useSave<Input = void, Answer = unknown>({ save, changes, said, onDone }: Parts<Input, Answer>) {
  const queries = useQueryClient()
  const tellProblem = useTellProblem()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: save,
    onError: tellProblem,
    onSuccess: (answer) => {
      for (const queryKey of changes) queries.invalidateQueries({ queryKey })
      if (said) message.success(said)
      onDone?.(answer)
    },
  })
}
