import { Link, Outlet } from '@tanstack/react-router'
import { useWords } from '../words/words.tsx'
import { settingPages } from './pages.ts'
import './settings.css'

/** The rail of the settings. Every page is listed for everybody: who may not open one learns there whom to ask. */
export function Settings() {
  const { t } = useWords()
  return (
    <div className="page-body settings">
      <div className="page-head">
        <h1>{t('page.settings')}</h1>
      </div>
      <nav className="settings-rail" aria-label={t('settings.rail')}>
        {settingPages.map((page) => (
          <Link
            key={page.to}
            to={page.to}
            activeOptions={{ exact: true, includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            {t(page.title)}
          </Link>
        ))}
      </nav>
      <div className="settings-page">
        <Outlet />
      </div>
    </div>
  )
}
