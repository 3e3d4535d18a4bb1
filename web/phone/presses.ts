import { instant } from '../../src/platform/time.ts'
import { readActForm } from './forms.ts'
import type { ActForm } from './pages.ts'

export type Presses = {
  act(act: ActForm['act'], press: string): void
  upload(file: File, fields: Record<string, string>, press: string): void
}

/** A press of this page gets its own idempotency key: the page lives on, so the key of the drawing would be used twice. */
const freshPress = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Takes over the forms that would otherwise be posted by the browser. Everything else on the page stays as it is. */
export function takeOverForms(path: string, presses: Presses): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    const to = form.getAttribute('action')
    if (to !== `${path}/act` && to !== `${path}/evidence`) return
    event.preventDefault()
    const data = new FormData(form)
    const button = event.submitter as HTMLButtonElement | null
    if (button?.name) data.set(button.name, button.value)
    if (to === `${path}/act`) return presses.act(readActForm(data.entries(), instant(Date.now())).act, freshPress())
    upload(data, presses)
    form.reset()
  })
  // Choosing a picture is the press; nobody should have to find a second button at three in the morning.
  document.addEventListener('change', (event) => {
    const input = event.target
    if (!(input instanceof HTMLInputElement) || input.type !== 'file' || !input.form?.classList.contains('proof')) return
    upload(new FormData(input.form), presses)
    input.form.reset()
  })
  document.addEventListener('click', (event) => {
    const target = (event.target as Element).closest<HTMLElement>('[data-pick],[data-copy]')
    if (!target) return
    if (target.dataset.copy) return copy(target)
    event.preventDefault()
    document.getElementById(target.dataset.pick ?? '')?.click()
  })
}

function upload(data: FormData, presses: Presses): void {
  const file = data.get('file')
  if (!(file instanceof File) || file.size === 0) return
  const fields: Record<string, string> = {}
  for (const [name, value] of data.entries()) if (typeof value === 'string') fields[name] = value
  presses.upload(file, fields, freshPress())
}

/** Selecting works in old webviews where the clipboard is not open to pages. */
function copy(button: HTMLElement): void {
  const text = button.previousElementSibling
  if (!(text instanceof HTMLTextAreaElement)) return
  text.select()
  const copied = document.execCommand('copy')
  if (!copied) void navigator.clipboard?.writeText(text.value)
  button.textContent = button.dataset.copy ?? ''
}

/** Sheets open by their address; this adds what a keyboard and a screen reader expect of a dialog. */
export function mindSheets(): void {
  let cameFrom: Element | null = null
  const sheet = () => document.querySelector<HTMLElement>('.sheet:target')
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest('a[href^="#"]')
    if (link && !link.closest('.sheet')) cameFrom = link
    if ((event.target as Element).classList.contains('sheet')) location.hash = '#now'
  })
  window.addEventListener('hashchange', () => {
    const open = sheet()
    if (open) open.focus()
    else if (cameFrom instanceof HTMLElement && cameFrom.isConnected) cameFrom.focus({ preventScroll: true })
  })
  document.addEventListener('keydown', (event) => {
    const open = sheet()
    if (!open) return
    if (event.key === 'Escape') location.hash = '#now'
    if (event.key === 'Tab') keepInside(open, event)
  })
}

function keepInside(sheet: HTMLElement, event: KeyboardEvent): void {
  const stops = Array.from(
    sheet.querySelectorAll<HTMLElement>('a[href],button,input:not([type=hidden]),select,textarea,summary'),
  ).filter((stop) => stop.offsetParent !== null)
  const last = event.shiftKey ? stops[0] : stops[stops.length - 1]
  if (document.activeElement !== last && document.activeElement !== sheet) return
  if (document.activeElement === sheet && !event.shiftKey) return
  event.preventDefault()
  ;(event.shiftKey ? stops[stops.length - 1] : stops[0])?.focus()
}
