import type { Instant } from '../../src/platform/time.ts'
import { countdown } from '../shared/clock.ts'
import { fill } from '../shared/i18n.ts'
import { startClock } from './device-clock.ts'
import { keepNew } from './news.ts'

/** What a script adds to the lists: limits run, and news appear without a reload. */
const EVERY = 10_000

const serverNow = document.querySelector<HTMLElement>('[data-now]')?.dataset.now as Instant | undefined
if (serverNow) {
  const clock = startClock(serverNow)
  const draw = () => {
    for (const element of Array.from(document.querySelectorAll<HTMLElement>('[data-due]'))) {
      const { text, late } = countdown(element.dataset.due as Instant, clock.now())
      element.textContent = late ? fill(element.dataset.over ?? '{time}', { time: text }) : text
    }
  }
  clock.each(draw)
  draw()
  keepNew(EVERY, draw)
}
