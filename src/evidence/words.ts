import { epoch, type Instant } from '../platform/time.ts'

/** "2026-11-22 03:07:12", Beijing time: the Swedish locale is the one that writes dates this way. */
export const beijing = (at: Instant): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' }).format(epoch(at))

export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} 字节`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

/**
 * Text that somebody else wrote, as it may be shown: signs that clear a screen, or turn the reading direction so that
 * gnp.exe reads as exe.png, become a visible replacement sign.
 */
export const shown = (text: string): string =>
  text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Cs}|(?![\n\t])\p{Cc}/gu, '\ufffd')

/** The same for one line on a terminal. */
export const printable = (text: string): string => shown(text).replace(/[\n\t\p{Zl}\p{Zp}]/gu, '\ufffd')
