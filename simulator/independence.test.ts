import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('no file of the simulator imports from the product, so that both cannot be wrong together', () => {
  const root = new URL('.', import.meta.url)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const importing = files.filter((name) => /from '(\.\.\/)+(src|web)\//.test(readFileSync(new URL(name, root), 'utf8')))

  expect(files.length).toBeGreaterThan(50)
  expect(importing).toEqual([])
})
