import { Drawer } from 'antd'
import { useWords } from '../../words/words.tsx'
import { EvidenceCard } from '../evidence-card.tsx'
import { useRoom } from '../room-context.ts'
import { Timeline } from '../timeline.tsx'

/** The right column, for windows that are too narrow to show it. */
export default function HistoryDrawer() {
  const { t } = useWords()
  const { open } = useRoom()
  return (
    <Drawer open size={400} title={t('timeline.title')} onClose={() => open(undefined)}>
      <div className="history-drawer">
        <Timeline />
        <EvidenceCard />
      </div>
    </Drawer>
  )
}
