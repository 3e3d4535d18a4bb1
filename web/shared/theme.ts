/** Day or night by the clock on the wall: night is 21:30–07:00 (ux §14). */
export type Theme = 'auto' | 'day' | 'night'
const NIGHT_FROM = 21 * 60 + 30
const NIGHT_UNTIL = 7 * 60

export const isNight = (minuteOfDay: number): boolean => minuteOfDay >= NIGHT_FROM || minuteOfDay < NIGHT_UNTIL
export const themeAt = (theme: Theme, minuteOfDay: number): 'day' | 'night' =>
  theme === 'auto' ? (isNight(minuteOfDay) ? 'night' : 'day') : theme
