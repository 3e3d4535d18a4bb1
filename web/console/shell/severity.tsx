import type { Severity } from '../../../src/incidents/timeline.ts'
import { useWords } from '../words/words.tsx'

/** Shape and word carry the meaning; the colour only helps (ux §3, §14). */
const shapes: Record<Severity, string> = {
  P1: 'M4 0h6l4 4v6l-4 4H4l-4-4V4z',
  P2: 'M7 0 14 13H0z',
  P3: 'M7 0 14 7 7 14 0 7z',
  P4: 'M7 0a7 7 0 1 1 0 14A7 7 0 0 1 7 0z',
}

export function SeverityMark({ severity, solid = false }: { severity: Severity; solid?: boolean }) {
  const { t } = useWords()
  return (
    <span className={`severity severity-${severity}${solid ? ' severity-solid' : ''}`}>
      <svg width="13" height="13" viewBox="0 0 14 14" aria-hidden="true">
        <path d={shapes[severity]} fill="currentColor" />
      </svg>
      {severity} {t(`severity.${severity}`)}
    </span>
  )
}
