import type { ReactNode } from 'react'

/** Our own small set, drawn on 24 × 24 with one stroke width. Decorative: the word stands beside each. */
function Icon({ children, size = 22 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}

export const IncidentIcon = () => (
  <Icon>
    <path d="M12 4 20.5 19h-17z" />
    <path d="M12 10v4m0 2.6v.1" />
  </Icon>
)
export const AccountIcon = () => (
  <Icon>
    <path d="M12 3.5 19.5 6v6c0 4.4-3.1 7.2-7.5 8.7C7.600 19.200 4.500 16.400 4.500 12V6z" />
  </Icon>
)
export const SettingsIcon = () => (
  <Icon>
    <path d="M4 7h9m4 0h3M4 17h3m4 0h9" />
    <circle cx="15" cy="7" r="2" />
    <circle cx="9" cy="17" r="2" />
  </Icon>
)
export const SearchIcon = () => (
  <Icon size={16}>
    <circle cx="11" cy="11" r="6" />
    <path d="m16 16 4 4" />
  </Icon>
)
export const CheckIcon = () => (
  <Icon size={14}>
    <path d="m5 12.500 4.500 4.500L19 7" strokeWidth="3" />
  </Icon>
)
export const PhoneIcon = () => (
  <Icon size={40}>
    <rect x="7" y="3" width="10" height="18" rx="2.500" />
    <path d="M11 18h2" />
  </Icon>
)
export const MoreIcon = () => (
  <Icon size={18}>
    <path d="M6 12h.1M12 12h.1M18 12h.1" strokeWidth="3" />
  </Icon>
)
