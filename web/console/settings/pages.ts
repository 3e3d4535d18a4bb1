/** In the order in which an agency sets itself up. */
export const settingPages = [
  { to: '/settings', title: 'settings.looks' },
  { to: '/settings/security', title: 'settings.security' },
  { to: '/settings/people', title: 'settings.people' },
  { to: '/settings/rota', title: 'settings.rota' },
  { to: '/settings/clients', title: 'settings.clients' },
  { to: '/settings/channels', title: 'settings.channels' },
  { to: '/settings/first-word', title: 'settings.firstWord' },
] as const
