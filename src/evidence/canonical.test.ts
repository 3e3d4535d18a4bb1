import { expect, test } from 'vitest'
import { canonical, sha256 } from './canonical.ts'

test('the same content has one spelling, whatever the order of its keys', () => {
  expect(canonical({ b: [1, 'x', null, true], a: { d: 1, c: 2 } })).toBe('{"a":{"c":2,"d":1},"b":[1,"x",null,true]}')
})

// RFC 8785 §3.2.3: sorted by UTF-16 code unit, so the emoji (a surrogate pair) comes before the Hebrew presentation form.
test('keys are sorted by UTF-16 code unit', () => {
  const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 }

  const keys = Object.keys(JSON.parse(canonical(value)))

  expect(keys.sort()).toEqual(['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'])
  expect([...canonical(value).matchAll(/:(\d)/g)].map(([, digit]) => digit).join('')).toBe('2467153')
})

// RFC 8785 §3.2.2.
test('numbers and escapes are written as ECMAScript writes them', () => {
  expect(canonical([333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0])).toBe(
    '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
  )
  expect(canonical('\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\u2028')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\\\\\"\u2028"')
})

test.each([
  ['undefined', undefined],
  ['undefined inside', { a: undefined }],
  ['a hole in a list', new Array(1)],
  ['NaN', Number.NaN],
  ['infinity', [Number.POSITIVE_INFINITY]],
  ['a big integer', 1n],
  ['a date', new Date(0)],
  ['a map', new Map()],
  ['bytes', new Uint8Array(2)],
  ['a function', () => 1],
  ['half a surrogate pair', '\ud800'],
])('%s is refused instead of being dropped or rounded', (_, value) => {
  expect(() => canonical(value)).toThrow(/canonical JSON/)
})

test('hostile nesting ends in an error and not in a crash', () => {
  const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)

  expect(() => canonical(deep)).toThrow(/nested deeper/)
})

test('hashes are over UTF-8', () => {
  expect(sha256('evidence-1')).toBe('5108deb71ee1d00d8e14ad48f2ddee3dca264528a5ae802ac5a682ee11ecc0d7')
  expect(sha256('证据')).toBe(sha256(Buffer.from('e8af81e68dae', 'hex')))
})
