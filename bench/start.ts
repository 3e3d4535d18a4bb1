import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { rounded } from './parts/figures.ts'
import { type Started, startByNpm, withoutOurNode } from './parts/npm-start.ts'
import { type BenchOptions, numberFlag, temporaryFolder } from './parts/options.ts'
import { residentMb, root } from './parts/processes.ts'

export const about = 'a fresh clone with an empty npm cache, from `npm start` to the first page; then memory and restart'

const LONGEST_START_MS = 300_000

export async function run(options: BenchOptions): Promise<object> {
  const { quick, say, atEnd } = options
  const idleSeconds = numberFlag(options, 'idle', quick ? 3 : 20, 600)
  const restarts = numberFlag(options, 'restarts', quick ? 1 : 3, 10)
  const folder = temporaryFolder(options, 'start')
  const clone = path.join(folder, 'clone')

  const cloneMs = timed(() => git(['clone', '--quiet', `file://${path.resolve(options.flags.repository ?? root)}`, clone]))
  const commit = git(['-C', clone, 'rev-parse', '--short', 'HEAD']).trim()
  say(`commit ${commit} (what is not committed is not measured), npm cache empty`)
  const start = () =>
    startByNpm({ clone, home: path.join(folder, 'home'), npmCache: path.join(folder, 'npm-cache'), withinMs: LONGEST_START_MS })
  // One started by hand would have the modules already: then this measures nothing.
  if (existsSync(path.join(clone, 'node_modules'))) throw new Error('the fresh clone has node_modules')

  let running: Started = await start()
  atEnd(() => running.stop())
  const first = running
  say(
    `  first page after ${rounded(first.firstPageMs / 1000, 2)} s, of which installing ${rounded((first.installedMs ?? 0) / 1000, 2)} s`,
  )
  await pause(idleSeconds * 1000)
  const rssMb = rounded(residentMb(first.pid))
  say(`  ${rssMb} MB after ${idleSeconds} idle seconds`)

  const rounds: { stopS: number; restartS: number }[] = []
  for (let round = 1; round <= restarts; round++) {
    const stopMs = await timedAsync(() => running.stop())
    running = await start()
    rounds.push({ stopS: rounded(stopMs / 1000, 2), restartS: rounded(running.firstPageMs / 1000, 2) })
    say(`  stopped in ${rounds.at(-1)!.stopS} s, \`npm start\` to page in ${rounds.at(-1)!.restartS} s`)
  }
  await running.stop()
  const middle = (of: 'stopS' | 'restartS') =>
    rounds.map((one) => one[of]).sort((a, b) => a - b)[Math.floor((rounds.length - 1) / 2)]
  return {
    commit,
    cloneS: rounded(cloneMs / 1000, 2),
    installS: rounded((first.installedMs ?? 0) / 1000, 2),
    startS: rounded(first.firstPageMs / 1000, 2),
    rssMb,
    stopS: middle('stopS'),
    restartS: middle('restartS'),
    idleSeconds,
    rounds,
  }
}

function git(words: string[]): string {
  const done = spawnSync('git', words, { encoding: 'utf8', env: withoutOurNode() })
  if (done.status !== 0) throw new Error(`git ${words.join(' ')}: ${done.stderr}`)
  return done.stdout
}

function timed(act: () => unknown): number {
  const started = performance.now()
  act()
  return performance.now() - started
}

async function timedAsync(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await act()
  return performance.now() - started
}
