import { useQuery } from '@tanstack/react-query'
import { Link, useMatches } from '@tanstack/react-router'
import { Dropdown } from 'antd'
import { meQuery, warRoomQuery } from '../api/queries.ts'
import { type Appearance, useAppearance } from '../theme/appearance.tsx'
import { useWords } from '../words/words.tsx'
import { SearchIcon } from './icons.tsx'
import { LiveBadge } from './page-live.tsx'

export function TopBar({ onSearch, onShortcuts }: { onSearch: () => void; onShortcuts: () => void }) {
  const { t } = useWords()
  return (
    <header className="top">
      <Crumb />
      <div className="top-right">
        <button type="button" className="search" onClick={onSearch}>
          <SearchIcon />
          <span>{t('search.open')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <OnDuty />
        <LiveBadge />
        <PersonMenu onShortcuts={onShortcuts} />
      </div>
    </header>
  )
}

function Crumb() {
  const { t } = useWords()
  const place = useMatches({ select: (matches) => matches.at(-1) })
  const id = place?.routeId === '/incidents/$id' ? place.params.id : undefined
  const room = useQuery({ ...warRoomQuery(id ?? ''), enabled: false }).data
  if (!place?.staticData.title) return <div className="crumb" />
  if (!id) {
    return (
      <div className="crumb">
        <b>{t(place.staticData.title)}</b>
      </div>
    )
  }
  return (
    <nav className="crumb" aria-label={t('shell.crumb')}>
      <Link to="/incidents">{t('page.incidents')}</Link>
      <span aria-hidden="true">/</span>
      <b className="num" aria-current="page">
        {room?.number ?? '…'}
      </b>
    </nav>
  )
}

function OnDuty() {
  const { t } = useWords()
  const duty = useQuery(meQuery).data?.duty
  if (!duty) return null
  if (!duty.first) return <span className="on-duty warn">{t('duty.nobody')}</span>
  return (
    <span className="on-duty">
      {t('duty.first')} <b>{duty.first}</b>
      {duty.backup && (
        <span className="on-duty-backup">
          {t('duty.backup')} <b>{duty.backup}</b>
        </span>
      )}
    </span>
  )
}

function PersonMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { t, lang, setLang } = useWords()
  const { appearance, setAppearance } = useAppearance()
  const me = useQuery(meQuery).data
  const appearances: Appearance[] = ['auto', 'day', 'night']
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectedKeys: [lang, appearance],
        items: [
          { type: 'group', label: me ? `${me.person.name} · ${me.agency.name}` : '', children: [] },
          { key: 'zh', label: <span lang="zh-CN">中文</span>, onClick: () => setLang('zh') },
          { key: 'en', label: <span lang="en">English</span>, onClick: () => setLang('en') },
          { type: 'divider' },
          ...appearances.map((one) => ({ key: one, label: t(`appearance.${one}`), onClick: () => setAppearance(one) })),
          { type: 'divider' },
          { key: 'keys', label: t('shortcuts.title'), extra: '?', onClick: onShortcuts },
          { key: 'out', label: t('person.signOut'), onClick: signOut },
        ],
      }}
    >
      <button type="button" className="person" aria-label={t('person.menu', { name: me?.person.name ?? '' })}>
        {me?.person.name.slice(0, 1) ?? '…'}
      </button>
    </Dropdown>
  )
}

/** A form and not a link: opening an address never changes anything, so the server signs out on POST alone. */
function signOut() {
  const form = Object.assign(document.createElement('form'), { method: 'post', action: '/signout' })
  document.body.append(form)
  form.submit()
}
