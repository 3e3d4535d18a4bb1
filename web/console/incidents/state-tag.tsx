import type { Certainty, IncidentState } from '../../../src/incidents/timeline.ts'
import { useWords } from '../words/words.tsx'

/** One sign alone is 正在核实, whatever the state; nobody may read more into it. */
export function StateTag({ state, certainty }: { state: IncidentState; certainty: Certainty }) {
  const { t } = useWords()
  const running = state === 'open' || state === 'acknowledged'
  const word = certainty === 'false-alarm' ? 'false-alarm' : running && certainty === 'single-sign' ? 'verifying' : state
  return <span className={`state-tag state-${running ? 'running' : 'calm'}`}>{t(`state.${word}`)}</span>
}
