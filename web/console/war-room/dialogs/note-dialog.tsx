import { useWords } from '../../words/words.tsx'
import { ActDialog } from './act-dialog.tsx'
import { WordsField } from './fields.tsx'

export default function NoteDialog() {
  const { t } = useWords()
  return (
    <ActDialog<{ text: string }>
      title={t('note.title')}
      note={t('note.note')}
      does={t('note.does')}
      act={({ text }) => ({ do: 'note', text })}
    >
      <WordsField name="text" label={t('note.text')} rows={4} autoFocus />
    </ActDialog>
  )
}
