/**
 * What a script adds to the client's page: the button names the chosen plan, and news appear without a reload. The page is
 * complete without it, and nothing a client has begun to fill in is ever drawn over.
 */
const EVERY = 20_000
const page = document.getElementById('page')

document.addEventListener('change', nameTheButton)
function nameTheButton(): void {
  const chosen = document.querySelector<HTMLInputElement>('input[name=plan]:checked')
  const button = document.querySelector<HTMLButtonElement>('button[form=choose]')
  if (button && chosen) button.textContent = (button.dataset.one ?? '').replace('{plan}', chosen.value)
}

const version = (root: ParentNode): string | undefined => root.querySelector<HTMLElement>('[data-version]')?.dataset.version
const hasBegun = (): boolean =>
  document.querySelector('input[name=plan]:checked, details[open]') !== null ||
  Array.from(
    document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input:not([type=hidden]):not([type=radio]), textarea'),
  ).some((field) => field.value !== '')

async function lookForNews(): Promise<void> {
  if (document.hidden || !page || hasBegun()) return
  try {
    const response = await fetch(location.pathname, { headers: { accept: 'text/html' }, cache: 'no-store' })
    if (!response.ok) return
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('page')
    if (!fresh || version(fresh) === version(document) || hasBegun()) return
    page.innerHTML = fresh.innerHTML // our own page from our own server; replaceChildren is too new for old webviews
  } catch {
    // Without a network the page stays as it is and says when it was updated.
  }
}
setInterval(lookForNews, EVERY)
document.addEventListener('visibilitychange', lookForNews)
nameTheButton()

export {}
