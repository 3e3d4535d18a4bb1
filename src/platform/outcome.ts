/** What a person may cause to be refused is a value; a broken promise in our own code throws. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; reason: string }
export const done = <T>(value: T): Outcome<T> => ({ ok: true, value })
export const refused = (reason: string): Outcome<never> => ({ ok: false, reason })

export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`)
}
