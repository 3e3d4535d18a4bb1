import { expect, test } from 'vitest'
import { killOnce } from './kill-run.ts'

// Any number of moments: npm run bench -- kill --runs 50
for (const seed of [1, 2, 3, 4, 5]) {
  test(`killed at any moment of the theft (${seed}), nothing acknowledged is lost and nobody is told twice`, async () => {
    const run = await killOnce(seed)

    expect(run.problems).toEqual([])
  })
}
