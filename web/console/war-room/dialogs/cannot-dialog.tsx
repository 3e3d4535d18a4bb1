import { useWords } from '../../words/words.tsx'
import { useRoom } from '../room-context.ts'
import { ActDialog } from './act-dialog.tsx'
import { ReasonField } from './fields.tsx'

export default function CannotDialog() {
  const { t, pick } = useWords()
  const step = useRoom().view.now
  if (!step) return null
  return (
    <ActDialog<{ reason: string }>
      title={t('cannot.title', { step: pick(step.title, step.titleEn) })}
      note={t('cannot.note')}
      does={t('cannot.does')}
      act={({ reason }) => ({ do: 'cannot', step: step.key, reason })}
    >
      <ReasonField label={t('cannot.reason')} />
    </ActDialog>
  )
}
