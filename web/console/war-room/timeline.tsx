import { Segmented } from 'antd'
import { useState } from 'react'
import type { TimelineView } from '../../../src/incidents/view.ts'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { useRoom } from './room-context.ts'

type Group = 'all' | 'decision' | 'client'

/** What happened, the newest first. */
export function Timeline() {
  const { t } = useWords()
  const { view } = useRoom()
  const [group, choose] = useState<Group>('all')
  const shown = view.timeline.filter((entry) => group === 'all' || entry.group === group).toSorted((a, b) => b.seq - a.seq)
  return (
    <section className="card history" aria-labelledby="timeline">
      <div className="card-head">
        <h2 id="timeline">{t('timeline.title')}</h2>
        <Segmented
          size="small"
          value={group}
          onChange={choose}
          aria-label={t('timeline.filter')}
          options={[
            { value: 'all', label: t('timeline.all') },
            { value: 'decision', label: t('timeline.decision') },
            { value: 'client', label: t('timeline.client') },
          ]}
        />
      </div>
      {shown.length === 0 && <p className="mute">{t('timeline.none')}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must scroll from the keyboard too */}
      <ol className="timeline num" tabIndex={0} aria-labelledby="timeline">
        {shown.map((entry) => (
          <Line key={entry.seq} entry={entry} />
        ))}
      </ol>
    </section>
  )
}

function Line({ entry }: { entry: TimelineView }) {
  const moment = useMoment(useRoom().view.detectedAt)
  return (
    <li className={`tone-${entry.tone}`}>
      <time dateTime={entry.at}>{moment(entry.at)}</time>
      <i aria-hidden="true" />
      <div>
        {entry.title}
        <small>
          {entry.by}
          {entry.detail && ` · ${entry.detail}`}
        </small>
      </div>
    </li>
  )
}
