import { keepNew } from './news.ts'

/** What a script adds to the client's page: the button names the chosen plan, and news appear without a reload. */
const EVERY = 20_000

function nameTheButton(): void {
  const chosen = document.querySelector<HTMLInputElement>('input[name=plan]:checked')
  const button = document.querySelector<HTMLButtonElement>('button[form=choose]')
  if (button && chosen) button.textContent = (button.dataset.one ?? '').replace('{plan}', chosen.value)
}
document.addEventListener('change', nameTheButton)
nameTheButton()
keepNew(EVERY, nameTheButton)

/**
 * That it was read is told by the first touch, scroll or key, and not by opening: chat apps and mail filters open links by
 * themselves, some of them with scripts (ux §1.5).
 */
const touches = ['pointerdown', 'keydown', 'scroll'] as const
function tellSeen(): void {
  for (const touch of touches) removeEventListener(touch, tellSeen)
  const press = document.querySelector<HTMLElement>('[data-seen]')?.dataset.seen
  if (!press) return
  const told = fetch(`${location.pathname}/seen`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ press }),
  })
  told.catch(() => undefined) // a receipt that does not arrive costs the client nothing
}
for (const touch of touches) addEventListener(touch, tellSeen, { passive: true })
