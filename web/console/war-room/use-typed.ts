import { useState } from 'react'
import type { MessageView } from '../../../src/incidents/view.ts'
import type { Instant } from '../../../src/platform/time.ts'

export type TypedMessage = {
  text: string
  nextUpdateAt: Instant | undefined
  changed: boolean
  set: (to: { text: string; nextUpdateAt: Instant | undefined }) => void
  forget: () => void
}
type Kept = { revision: number; text: string; nextUpdateAt: Instant | undefined }

const keptAs = (id: string) => `dingxin.typed.${id}`
function kept(id: string): Kept | undefined {
  const found = sessionStorage.getItem(keptAs(id))
  return found ? (JSON.parse(found) as Kept) : undefined
}

/**
 * What somebody is typing over a draft. It is kept in the tab, so that a lost session or a reload loses nothing; it gives way
 * when the draft itself was changed meanwhile by somebody else.
 */
export function useTyped(message: MessageView | undefined): TypedMessage {
  const [, redraw] = useState(0)
  const own = message ? kept(message.id) : undefined
  const typed = own && message && own.revision === message.revision && message.state === 'draft' ? own : undefined
  const text = typed?.text ?? message?.text ?? ''
  const nextUpdateAt = typed ? typed.nextUpdateAt : message?.nextUpdateAt
  const keep = (to: Kept | undefined) => {
    if (!message) return
    if (to) sessionStorage.setItem(keptAs(message.id), JSON.stringify(to))
    else sessionStorage.removeItem(keptAs(message.id))
    redraw((n) => n + 1)
  }
  return {
    text,
    nextUpdateAt,
    changed: Boolean(message && (text !== message.text || nextUpdateAt !== message.nextUpdateAt)),
    set: (to) => message && keep({ ...to, revision: message.revision }),
    forget: () => keep(undefined),
  }
}
