import { expect, test } from 'vitest'
import { instant } from '../../../src/platform/time.ts'
import { storyView, takingView } from '../samples.ts'
import { canCompleteByKey, missingPieces } from './now-rules.ts'
import { placeFor } from './proof-rules.ts'

const now = instant('2026-11-21T19:20:10.000Z')
const appeal = storyView(now).now!
const question = takingView(now).now!

test('Enter never answers a question and never completes a step that still misses a piece of proof', () => {
  expect(canCompleteByKey(question)).toBe(false)
  expect(canCompleteByKey(appeal)).toBe(false)
  expect(canCompleteByKey({ ...appeal, proof: appeal.proof.slice(0, 1) })).toBe(true)
})

test('what is missing is counted piece by piece', () => {
  expect(missingPieces(appeal).map((piece) => piece.key)).toEqual(['page', 'receipt'])
})

test('a pasted picture goes to the piece that is still missing, else to the incident itself', () => {
  expect(placeFor(appeal)).toEqual({ step: 'appeal', proof: 'page' })
  expect(placeFor(question)).toEqual({})
  expect(placeFor(undefined)).toEqual({})
})
