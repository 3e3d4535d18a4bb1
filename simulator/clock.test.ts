import { expect, test } from 'vitest'
import { beijingDay, Clock } from './clock.ts'

const settled = () => Promise.resolve()
const aClock = () => {
  const real = { now: 1_000_000 }
  return { real, clock: new Clock(() => real.now) }
}

test('time runs with real time, ahead by what it was moved', async () => {
  const { real, clock } = aClock()
  await clock.moveTo(clock.now() + 60_000, settled)
  real.now += 500

  expect(clock.now()).toBe(1_060_500)
})

test('standing still it does not follow real time, and goes on from where it stood', async () => {
  const { real, clock } = aClock()
  clock.freeze()
  real.now += 500
  expect(clock.now()).toBe(1_000_000)
  clock.thaw()
  real.now += 7

  expect(clock.now()).toBe(1_000_007)
})

test('what falls due on the way happens in order, each at its own moment, also when one causes another', async () => {
  const { clock } = aClock()
  clock.freeze()
  const seen: [string, number][] = []
  const note = (name: string) => seen.push([name, clock.now() - 1_000_000])
  clock.after(300, () => note('third'))
  clock.after(100, () => {
    note('first')
    clock.after(100, () => note('second'))
  })
  clock.after(1000, () => note('too late'))
  await clock.moveTo(1_000_500, settled)
  clock.close()

  expect(seen).toEqual([
    ['first', 100],
    ['second', 200],
    ['third', 300],
  ])
})

test('left alone, things happen in real time', async () => {
  const clock = new Clock()
  await new Promise<void>((resolve) => clock.after(5, resolve))
  clock.close()
})

test('moved back, what is to come keeps its distance', async () => {
  const { clock } = aClock()
  clock.freeze()
  const seen: number[] = []
  clock.after(100, () => seen.push(clock.now()))
  await clock.moveTo(500_000, settled)
  await clock.moveTo(500_099, settled)
  expect(seen).toEqual([])
  await clock.moveTo(500_100, settled)
  clock.close()

  expect(seen).toEqual([500_100])
})

test('two moves at once add up', async () => {
  const { clock } = aClock()
  clock.freeze()
  await Promise.all([clock.advance(100, settled), clock.advance(50, settled)])

  expect(clock.now()).toBe(1_000_150)
})

test('a day is a day in Beijing', () => {
  expect(beijingDay(Date.parse('2026-03-04T16:00:00Z'))).toBe('2026-03-05')
})
