import fs from 'node:fs'
import os from 'node:os'
import { type Bench, readCommandLine } from './parts/options.ts'

/** `node bench/run.ts NAME [--json] [--quick]`: words for people on stderr, with --json one object on stdout. */
const line = readCommandLine(process.argv.slice(2))
const names = fs
  .readdirSync(import.meta.dirname)
  .filter((file) => /^[a-z-]+\.ts$/.test(file) && file !== 'run.ts')
  .map((file) => file.slice(0, -3))
const loadBefore = os.loadavg()[0] ?? 0
const say = (text: string) => void process.stderr.write(`${text}\n`)

if (line.name && names.includes(line.name)) await measure(line.name)
else {
  if (line.name) say(`no bench is called “${line.name}”`)
  say('npm run -s bench -- NAME [--json] [--quick]\n')
  for (const name of names) say(`  ${name.padEnd(12)}${(await load(name)).about}`)
  process.exitCode = line.name ? 1 : 0
}

function load(name: string): Promise<Bench> {
  return import(`./${name}.ts`)
}

async function measure(name: string): Promise<void> {
  const undo: (() => unknown)[] = []
  const end = async () => {
    for (let last = undo.pop(); last; last = undo.pop())
      await Promise.resolve(last()).catch((error) => say(`while cleaning up: ${error}`))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end().then(() => process.exit(130)))
  try {
    const { run } = await load(name)
    const found = await run({ quick: line.quick, flags: line.flags, say, atEnd: (one) => void undo.push(one) })
    const machine = { cpus: os.availableParallelism(), loadBefore: Number(loadBefore.toFixed(1)), node: process.version }
    say(`\n${name}${line.quick ? ' (quick: not a measurement)' : ''}`)
    for (const [key, value] of Object.entries(found)) if (typeof value !== 'object') say(`  ${key.padEnd(18)}${value}`)
    if (line.json) process.stdout.write(`${JSON.stringify({ bench: name, quick: line.quick, ...found, machine })}\n`)
    const { lost = 0, twice = 0 } = found as { lost?: number; twice?: number }
    if (lost > 0 || twice > 0) process.exitCode = 1
  } catch (error) {
    say(`${name} could not be measured: ${error instanceof Error ? error.stack : error}`)
    process.exitCode = 1
  } finally {
    await end()
  }
  process.exit()
}
