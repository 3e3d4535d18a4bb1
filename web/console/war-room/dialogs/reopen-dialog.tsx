import { useWords } from '../../words/words.tsx'
import { ActDialog } from './act-dialog.tsx'
import { ReasonField } from './fields.tsx'

export default function ReopenDialog() {
  const { t } = useWords()
  return (
    <ActDialog<{ reason: string }>
      title={t('reopen.title')}
      note={t('reopen.note')}
      does={t('reopen.title')}
      act={({ reason }) => ({ do: 'reopen', reason })}
    >
      <ReasonField />
    </ActDialog>
  )
}
