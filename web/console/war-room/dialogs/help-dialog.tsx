import { useMoment } from '../../shell/use-now.ts'
import { useWords } from '../../words/words.tsx'
import { useRoom } from '../room-context.ts'
import { ActDialog } from './act-dialog.tsx'

export default function HelpDialog() {
  const { t } = useWords()
  const moment = useMoment()
  const { ladder, onDuty } = useRoom().view
  const next = ladder.nextPerson ?? onDuty.backup
  return (
    <ActDialog<object>
      title={t('help.title')}
      note={`${next ? t('help.note', { name: next }) : t('help.noteNobody')}${ladder.nextAt ? t('help.nextAt', { time: moment(ladder.nextAt) }) : ''}`}
      does={t('help.does')}
      act={() => ({ do: 'call-help' })}
    />
  )
}
