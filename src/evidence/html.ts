import { shown } from './words.ts'

/** Markup that is safe to send: everything that came from outside has been escaped on the way in. */
export type Html = { readonly markup: string }

type Piece = string | number | Html | readonly Html[]

/** `html\`<p>${text}</p>\`` escapes what is put in, unless it is `Html` already. */
export function html(parts: TemplateStringsArray, ...pieces: Piece[]): Html {
  return { markup: parts.reduce((text, part, index) => text + written(pieces[index - 1]!) + part) }
}

function written(piece: Piece): string {
  if (typeof piece === 'string' || typeof piece === 'number') return escaped(String(piece))
  return 'markup' in piece ? piece.markup : piece.map(({ markup }) => markup).join('')
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escaped = (text: string): string => shown(text).replace(/[&<>"']/g, (sign) => SIGNS[sign]!)
