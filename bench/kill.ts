import { type KillRun, killOnce } from '../scenarios/kill-run.ts'
import { type BenchOptions, numberFlag } from './parts/options.ts'

export const about =
  'SIGKILL at random moments of the theft: nothing acknowledged is lost, nobody is told twice (--runs N, --from SEED)'

/** Each run is a product, a simulator and a database of their own. Twelve to thirty seconds a run. */
export async function run(options: BenchOptions): Promise<object> {
  const runs = numberFlag(options, 'runs', options.quick ? 2 : 10, 500)
  const from = numberFlag(options, 'from', 1, 1_000_000)
  const done: KillRun[] = []
  const failures: string[] = []
  for (let seed = from; seed < from + runs; seed++) {
    try {
      const one = await killOnce(seed)
      done.push(one)
      options.say(
        `seed ${seed}: killed at ${one.killedAtMs} ms, back after ${one.backAfterMs} ms${one.problems.length ? `: ${one.problems.join('; ')}` : ''}`,
      )
      for (const problem of one.problems) failures.push(`seed ${seed}: ${problem}`)
    } catch (error) {
      options.say((error as Error).message)
      failures.push((error as Error).message.split('\n')[0]!)
    }
  }
  const sorted = done.map((one) => one.backAfterMs).sort((a, b) => a - b)
  const count = (word: string) => failures.filter((text) => text.includes(word)).length
  return {
    runs,
    failed: failures.length,
    lost: count('lost') + count('are kept'),
    twice: count('times over the same way'),
    backAfterMedianMs: sorted[Math.floor(sorted.length / 2)] ?? null,
    failures,
  }
}
