import { useEffect, useRef } from 'react'

/** What a key means here: 'n', 'ctrl+k', 'g i' (one after the other), '?'. */
export type KeyMap = Record<string, () => void>

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>

export function nameOfPress(press: Press): string {
  const key = press.key.toLowerCase()
  return press.ctrlKey || press.metaKey ? `ctrl+${key}` : press.altKey ? `alt+${key}` : key
}

/**
 * Off while someone types or composes with an input method, and while a dialog lies over the page; then only keys with Ctrl
 * count. Enter belongs to the focused button or link if there is one (ux §16).
 */
export function isForUs(name: string, target: Element | null, composing: boolean, covered: boolean): boolean {
  if (composing) return false
  if (covered) return false
  if (name.startsWith('ctrl+')) return true
  if (!target) return true
  if (target.matches('input, textarea, select, [role="combobox"], [contenteditable]')) return false
  return name !== 'enter' || !target.matches('button, a, [role="button"], [role="tab"], [role="option"], summary, label')
}

/** Listens on the whole page. A second key may follow the first within a second and a half (`g i`). */
export function useKeys(keys: KeyMap, enabled = true): void {
  const current = useRef(keys)
  current.current = keys
  useEffect(() => {
    if (!enabled) return
    let first: { name: string; at: number } | undefined
    const listen = (event: KeyboardEvent) => {
      // A key held down is one press: it must not run through several steps.
      if (event.repeat) return
      const covered = document.querySelector('.ant-modal-wrap:not([style*="display: none"]), .ant-drawer-open') !== null
      const name = nameOfPress(event)
      if (!isForUs(name, event.target instanceof Element ? event.target : null, event.isComposing, covered)) return
      const both = first && event.timeStamp - first.at < 1500 ? current.current[`${first.name} ${name}`] : undefined
      // g then a is “go to accounts”, and must not also be whatever a does on the page below.
      const follows = first?.name === 'g' && event.timeStamp - first.at < 1500
      const act = both ?? (follows ? undefined : current.current[name])
      first = { name, at: event.timeStamp }
      if (!act) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [enabled])
}
