import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { meQuery } from '../api/queries.ts'
import { useWords } from '../words/words.tsx'
import { AccountIcon, IncidentIcon, SettingsIcon } from './icons.tsx'

/** Only pages that exist are here; a dead entry teaches people to ignore the rail. */
export function Rail() {
  const { t } = useWords()
  const open = useQuery(meQuery).data?.openIncidents ?? 0
  return (
    <nav className="rail" aria-label={t('shell.rail')}>
      <Link to="/" className="rail-logo" aria-label={t('page.home')}>
        定
      </Link>
      <Link to="/incidents" className="rail-item" activeProps={{ 'aria-current': 'page' }}>
        <IncidentIcon />
        {t('page.incidents')}
        {open > 0 && (
          <span className="rail-count">
            {open}
            <span className="only-read"> {t('rail.open')}</span>
          </span>
        )}
      </Link>
      <Link to="/accounts" className="rail-item" activeProps={{ 'aria-current': 'page' }}>
        <AccountIcon />
        {t('page.accounts')}
      </Link>
      <span className="rail-space" />
      <Link to="/settings" className="rail-item" activeProps={{ 'aria-current': 'page' }}>
        <SettingsIcon />
        {t('page.settings')}
      </Link>
    </nav>
  )
}
