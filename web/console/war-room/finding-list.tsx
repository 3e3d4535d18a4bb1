import type { MessageFinding } from '../../../src/incidents/client-words.ts'
import { useWords } from '../words/words.tsx'

/** What stands in the way of sending, or that nothing does. */
export function FindingList({ findings, id }: { findings: readonly MessageFinding[]; id?: string }) {
  const { t } = useWords()
  return (
    <ul className="findings" id={id} aria-live="polite">
      {findings.length === 0 && (
        <>
          <li className="ok">✓ {t('check.facts')}</li>
          <li className="ok">✓ {t('check.time')}</li>
          <li className="ok">✓ {t('check.words')}</li>
        </>
      )}
      {findings.map((finding) => (
        <li key={finding.text} className={finding.level === 'block' ? 'bad' : 'warn'}>
          <b>{t(`check.${finding.level}`)}</b> {finding.text}
        </li>
      ))}
    </ul>
  )
}
