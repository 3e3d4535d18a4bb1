import type { ComponentChildren } from 'preact'
import { clockTime } from '../../../src/platform/time.ts'
import type { Lang } from '../../shared/i18n.ts'
import { address, DeskContext, wordsIn } from '../desk.tsx'
import type { Connection } from '../live-rules.ts'
import type { WarRoomProps } from '../pages.ts'
import { Says } from '../pieces.tsx'
import { phaseOf } from '../war-room-rules.ts'
import { Bar } from './bar.tsx'
import { Closed } from './ending.tsx'
import { Clocks, Head, Missed } from './head.tsx'
import { MoreSheet } from './more.tsx'
import { Now } from './now.tsx'
import { Actions, Articles, Evidence, Timeline } from './record.tsx'
import { Special } from './special.tsx'
import { HandTask, TellSheet, WillSee } from './tell.tsx'

type Props = WarRoomProps & { lang: Lang; connection?: Connection; outbox?: ComponentChildren }

/** One incident on a phone: what to do now, how long is left, what the client knows, what happened (ux §1.1). */
export function WarRoom({
  view,
  press,
  linkKey,
  notice,
  kept = {},
  wholeTimeline = false,
  lang,
  connection = 'still',
  outbox,
}: Props) {
  const t = wordsIn(lang)
  const phase = phaseOf(view)
  // Passing the words on is the account manager's: whoever works the plan keeps their own step in the first glance.
  const ownStepFirst = phase === 'mine' && view.now !== undefined && view.me.role !== 'account-manager'
  return (
    <DeskContext.Provider
      value={{
        lang,
        t,
        path: `/m/i/${view.id}`,
        self: address(`/m/i/${view.id}`, { k: linkKey }),
        press,
        linkKey,
        kept,
        now: view.serverNow,
      }}
    >
      <div class={view.mode === 'drill' ? 'room drill' : 'room'}>
        <Head view={view} connection={connection} />
        <main>
          {view.mode === 'drill' && <p class="drill-strip">{t('drillStrip')}</p>}
          <Says notice={notice} />
          {phase === 'following' && (
            <p class="strip num">
              {t('theyLead', { name: view.commander!.name, time: view.acknowledgedAt ? clockTime(view.acknowledgedAt) : '' })}
            </p>
          )}
          {view.certainty === 'single-sign' && phase !== 'closed' && <p class="strip">{t('verifying')}</p>}
          {phase !== 'closed' && <Clocks view={view} />}
          {phase === 'closed' && <Closed view={view} />}
          {phase !== 'closed' && !ownStepFirst && <HandTask view={view} />}
          {phase !== 'closed' && <Now view={view} />}
          {ownStepFirst && <HandTask view={view} />}
          <Missed view={view} />
          <WillSee view={view} />
          <Articles view={view} />
          <Actions view={view} />
          <Timeline view={view} whole={wholeTimeline} />
          <Evidence view={view} />
          <Special view={view} />
        </main>
        <Bar view={view} outbox={outbox} />
        <TellSheet view={view} />
        <MoreSheet view={view} />
      </div>
    </DeskContext.Provider>
  )
}
