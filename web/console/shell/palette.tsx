import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Modal } from 'antd'
import { useId, useState } from 'react'
import { accountsQuery, incidentsQuery, meQuery } from '../api/queries.ts'
import { useWords } from '../words/words.tsx'
import { useReport } from './report-context.ts'

type Place = { key: string; kind: string; title: string; detail: string; go: () => void }

/** Finds an incident, an account or a page. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const list = useId()
  const [wanted, setWanted] = useState('')
  const [at, setAt] = useState(0)
  const found = matching(usePlaces(), wanted)
  const current = found[Math.min(at, found.length - 1)]
  const go = (place: Place | undefined) => {
    if (!place) return
    onClose()
    place.go()
  }
  return (
    <Modal
      open
      footer={null}
      closable={false}
      onCancel={onClose}
      width={560}
      style={{ top: 96 }}
      title={<span className="only-read">{t('search.open')}</span>}
    >
      <input
        className="palette-input"
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={current && `${list}-${current.key}`}
        aria-label={t('search.label')}
        placeholder={t('search.label')}
        // The palette exists to be typed into; it opened by a key press.
        // biome-ignore lint/a11y/noAutofocus: as above
        autoFocus
        value={wanted}
        onChange={(event) => {
          setWanted(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'ArrowDown') setAt((n) => Math.min(n + 1, found.length - 1))
          else if (event.key === 'ArrowUp') setAt((n) => Math.max(n - 1, 0))
          else if (event.key === 'Enter') go(current)
          else return
          event.preventDefault()
        }}
      />
      <div className="palette-list" role="listbox" id={list} aria-label={t('search.results')}>
        {found.map((place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the field above, which keeps the focus
          <div
            key={place.key}
            id={`${list}-${place.key}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === current}
            onClick={() => go(place)}
          >
            <small>{place.kind}</small>
            <b>{place.title}</b>
            <span className="mute">{place.detail}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="mute palette-none">{t('search.none')}</p>}
    </Modal>
  )
}

function usePlaces(): Place[] {
  const { t, pick } = useWords()
  const navigate = useNavigate()
  const report = useReport()
  const incidents = useQuery(incidentsQuery('all')).data ?? []
  const accounts = useQuery(accountsQuery).data ?? []
  const demo = useQuery(meQuery).data?.demo
  const page = t('search.page')
  return [
    ...incidents.map((row) => ({
      key: row.id,
      kind: t('page.incidents'),
      title: `${pick(row.title, row.titleEn)} · ${row.accountName}`,
      detail: `${row.number} ${row.severity}`,
      go: () => navigate({ to: '/incidents/$id', params: { id: row.id } }),
    })),
    ...accounts.map((row) => ({
      key: row.id,
      kind: t('page.accounts'),
      title: row.name,
      detail: row.clientName,
      go: () => navigate({ to: '/accounts' }),
    })),
    { key: 'incidents', kind: page, title: t('page.incidents'), detail: 'G I', go: () => navigate({ to: '/incidents' }) },
    { key: 'accounts', kind: page, title: t('page.accounts'), detail: 'G A', go: () => navigate({ to: '/accounts' }) },
    { key: 'settings', kind: page, title: t('page.settings'), detail: 'G S', go: () => navigate({ to: '/settings' }) },
    { key: 'report', kind: t('search.act'), title: t('report.title'), detail: 'N', go: report },
    {
      key: 'connect',
      kind: t('search.act'),
      title: t('connect.title'),
      detail: '',
      go: () => navigate({ to: '/accounts', search: { connect: true } }),
    },
    ...(demo
      ? [{ key: 'home', kind: t('search.act'), title: t('firstRun.drill'), detail: '', go: () => navigate({ to: '/' }) }]
      : []),
  ]
}

const matching = (places: Place[], wanted: string): Place[] => {
  const parts = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  return places
    .filter((place) => parts.every((part) => `${place.title} ${place.detail} ${place.kind}`.toLowerCase().includes(part)))
    .slice(0, 12)
}
