import type { IncidentRow } from '../../../src/incidents/view.ts'
import { clockTime, type Instant } from '../../../src/platform/time.ts'
import { countdown } from '../../shared/clock.ts'
import { inLang } from '../../shared/format.ts'
import { useDesk } from '../desk.tsx'
import { SeverityMark } from '../pieces.tsx'

const knows = { no: 'knowsNo', told: 'knowsTold', read: 'knowsRead', chose: 'knowsChose' } as const

/** One incident in a list: how bad, whose, what next, by when, what the client knows. */
export function Row({ row }: { row: IncidentRow }) {
  const { t, lang } = useDesk()
  return (
    <li class={row.mode === 'drill' ? 'incident drill' : 'incident'}>
      <a href={`/m/i/${row.id}`}>
        <span class="line">
          <SeverityMark severity={row.severity} />
          <b>
            {row.mode === 'drill' && `${t('drill')} · `}
            {inLang(lang, row.title, row.titleEn)} · {row.accountName}
          </b>
        </span>
        <span class="line small">
          <span class="state">{t(`state-${row.state}`)}</span>
          <span>{row.commander ? t('leads', { name: row.commander }) : t('nobodyYet')}</span>
          <span>{t(knows[row.clientKnows])}</span>
        </span>
        {row.nextStep && <span class="line">{t('next', { step: (lang === 'en' && row.nextStepEn) || row.nextStep })}</span>}
        {row.nearestDue && (
          <span class="line due num">
            <span>
              {lang === 'en' ? row.nearestDue.titleEn : row.nearestDue.title}{' '}
              {t('before', { time: clockTime(row.nearestDue.at) })}
            </span>
            <b>
              <Due at={row.nearestDue.at} />
            </b>
          </span>
        )}
      </a>
    </li>
  )
}

/** Time left; the script of these pages lets it run by its data. */
export function Due({ at }: { at: Instant }) {
  const { t, now } = useDesk()
  const { text, late } = countdown(at, now)
  return (
    <span data-due={at} data-over={t('over', { time: '{time}' })}>
      {late ? t('over', { time: text }) : text}
    </span>
  )
}

export const isOpen = (row: IncidentRow): boolean =>
  row.state === 'open' || row.state === 'acknowledged' || row.state === 'contained'
/** Nearest limit first; those without one last. */
export const byDue = (a: IncidentRow, b: IncidentRow): number => (a.nearestDue?.at ?? '9').localeCompare(b.nearestDue?.at ?? '9')
