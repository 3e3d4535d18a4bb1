import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { elapsed, minutes } from '../../../src/platform/time.ts'
import { api } from '../api/client.ts'
import { problemOf } from '../api/problem.ts'
import { incidentsQuery } from '../api/queries.ts'
import { serverNow } from '../api/server-clock.ts'

export type DrillState =
  | { at: 'idle' | 'starting' | 'not-found' }
  | { at: 'waiting'; seconds: number }
  | { at: 'found'; number: string }
  | { at: 'failed'; reason: string }

const askEvery = 500
const patience = minutes(2)

/** Plays the theft and waits until our own monitoring notices it; what it shows is what has really happened so far. */
export function useDrill(): { state: DrillState; start: () => void } {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [state, setState] = useState<DrillState>({ at: 'idle' })
  const left = useRef(false)
  useEffect(() => {
    left.current = false
    return () => {
      left.current = true
    }
  }, [])

  async function play() {
    setState({ at: 'starting' })
    const known = new Set((await api.incidents.list({ tab: 'all' })).map((row) => row.id))
    await api.demo.theft({})
    const startedAt = serverNow()
    while (!left.current && elapsed(startedAt, serverNow()) < patience) {
      setState({ at: 'waiting', seconds: Math.round(elapsed(startedAt, serverNow()) / 1000) })
      const fresh = (await api.incidents.list({ tab: 'all' })).find((row) => !known.has(row.id))
      if (fresh) {
        setState({ at: 'found', number: fresh.number })
        queries.invalidateQueries({ queryKey: incidentsQuery('all').queryKey })
        return navigate({ to: '/incidents/$id', params: { id: fresh.id } })
      }
      await new Promise((next) => window.setTimeout(next, askEvery))
    }
    setState({ at: 'not-found' })
  }

  const start = () => {
    play().catch((error: unknown) => {
      const problem = problemOf(error)
      setState({
        at: 'failed',
        reason: problem.kind === 'refused' ? problem.reason : problem.kind === 'broken' ? problem.code : problem.kind,
      })
    })
  }
  return { state, start }
}
