import { expect, test } from 'vitest'
import { after, instant, minutes } from '../../../src/platform/time.ts'
import { rowOf, storyView } from '../samples.ts'
import { nearestFirst } from './tabs.ts'

const now = instant('2026-11-22T19:20:10.000Z')
const row = (number: string, dueIn: number | undefined, foundAgo = 0) => ({
  ...rowOf(storyView(now)),
  number,
  detectedAt: after(now, minutes(-foundAgo)),
  nearestDue:
    dueIn === undefined ? undefined : { title: '首次告知客户', titleEn: 'First word to client', at: after(now, minutes(dueIn)) },
})

test('the incident whose limit is nearest comes first, missed ones above all; those without a limit last, the newest first', () => {
  const rows = [
    row('no limit, old', undefined, 90),
    row('later', 30),
    row('no limit, new', undefined, 5),
    row('missed', -2),
    row('soon', 4),
  ]

  expect(rows.toSorted(nearestFirst).map((one) => one.number)).toEqual([
    'missed',
    'soon',
    'later',
    'no limit, new',
    'no limit, old',
  ])
})
