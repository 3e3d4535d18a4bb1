/**
 * Looks whether the server would draw this page differently now, and if so takes the new drawing. Pages that are only read need no
 * more than this: they are complete without a script, and nothing a person has begun to fill in is ever drawn over.
 */
export function keepNew(everyMilliseconds: number, drawn: () => void): void {
  const page = document.getElementById('page')
  const version = (root: ParentNode): string | undefined => root.querySelector<HTMLElement>('[data-version]')?.dataset.version

  async function look(): Promise<void> {
    if (document.hidden || !page || hasBegun()) return
    try {
      const response = await fetch(location.pathname, { headers: { accept: 'text/html' }, cache: 'no-store' })
      if (!response.ok) return
      const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('page')
      if (!fresh || version(fresh) === version(document) || hasBegun()) return
      page.innerHTML = fresh.innerHTML // our own page from our own server; replaceChildren is too new for old webviews
      drawn()
    } catch {
      // Without a network the page stays as it is and says when it was updated.
    }
  }
  setInterval(look, everyMilliseconds)
  document.addEventListener('visibilitychange', look)
}

const hasBegun = (): boolean =>
  document.querySelector('input[name=plan]:checked, details[open]') !== null ||
  Array.from(
    document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input:not([type=hidden]):not([type=radio]), textarea'),
  ).some((field) => field.value !== '')
