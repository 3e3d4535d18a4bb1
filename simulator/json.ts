/** JSON as WeChat writes it: raw UTF-8, and numbers beyond 2^53 as bare digits. */
export function toJson(value: unknown): string {
  const marked = JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? `\u0000${field}\u0000` : field))
  return marked.replaceAll(/"\\u0000(\d+)\\u0000"/g, '$1')
}

export type Fields = Record<string, unknown>

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})
export const textAt = (fields: Fields, name: string): string => {
  const value = fields[name]
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
export const maybeText = (fields: Fields, name: string): string | undefined => textAt(fields, name) || undefined
export const numberAt = (fields: Fields, name: string, otherwise = 0): number => {
  const value = Number(fields[name] ?? otherwise)
  return Number.isFinite(value) ? value : otherwise
}
export const listAt = (fields: Fields, name: string): unknown[] => {
  const value = fields[name]
  return Array.isArray(value) ? value : []
}
export const fieldsAt = (fields: Fields, name: string): Fields => fieldsOf(fields[name])
export const textsAt = (fields: Fields, name: string): string[] => listAt(fields, name).map(String)
/** WeChat takes 1, "1" and true alike. */
export const flagAt = (fields: Fields, name: string): boolean => ['1', 'true'].includes(String(fields[name]))
