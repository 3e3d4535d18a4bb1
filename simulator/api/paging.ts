import { refuse } from '../errors.ts'
import { type Fields, numberAt } from '../json.ts'

/** offset from 0, count 1..20, as every batchget takes them. */
export function page<T>(all: T[], body: Fields): { total_count: number; item_count: number; items: T[] } {
  const offset = numberAt(body, 'offset')
  const count = numberAt(body, 'count', 20)
  if (!Number.isInteger(offset) || !Number.isInteger(count) || offset < 0 || count < 1 || count > 20) refuse(40097)
  const items = all.slice(offset, offset + count)
  return { total_count: all.length, item_count: items.length, items }
}
