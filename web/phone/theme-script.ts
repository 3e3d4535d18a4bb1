import type { Theme } from '../shared/theme.ts'

/**
 * Runs before the first paint: marks that scripts run, and lets the device's own evening decide when the theme is automatic.
 * The same hours as `isNight`; kept as text because it must stand inline in the head.
 */
export const themeScript = (theme: Theme): string =>
  `document.documentElement.className='js'${theme === 'auto' ? ";(function(){var d=new Date,m=d.getHours()*60+d.getMinutes();document.documentElement.dataset.theme=m>=1290||m<420?'night':'day'})()" : ''}`
