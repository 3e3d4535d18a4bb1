import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** What every bench is given. */
export type BenchOptions = {
  /** A run of a few seconds: enough to see that nothing is lost, too short to judge speed. */
  quick: boolean
  /** `--name value` as typed. */
  flags: Record<string, string>
  /** For the person watching; goes to stderr. */
  say(line: string): void
  /** Undone when the bench ends, however it ends, the last first. */
  atEnd(undo: () => unknown): void
}
export type Bench = { about: string; run(options: BenchOptions): Promise<object> }

export type CommandLine = { name: string | undefined; json: boolean; quick: boolean; flags: Record<string, string> }

/** `NAME [--json] [--quick] [--name value]…` Throws on anything else, naming it. */
export function readCommandLine(words: readonly string[]): CommandLine {
  const line: CommandLine = { name: undefined, json: false, quick: false, flags: {} }
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '--json') line.json = true
    else if (word === '--quick') line.quick = true
    else if (word.startsWith('--')) {
      const value = words[++i]
      if (value === undefined || value.startsWith('--')) throw new RangeError(`${word} needs a value`)
      line.flags[word.slice(2)] = value
    } else if (line.name === undefined) line.name = word
    else throw new RangeError(`one bench at a time: “${line.name}” or “${word}”?`)
  }
  return line
}

/** A whole number from `--name`, within bounds, so that no bench runs for ever. */
export function numberFlag({ flags }: Pick<BenchOptions, 'flags'>, name: string, fallback: number, most: number): number {
  const text = flags[name]
  if (text === undefined) return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > most) throw new RangeError(`--${name} is a whole number from 1 to ${most}`)
  return value
}

export function temporaryFolder({ atEnd }: Pick<BenchOptions, 'atEnd'>, name: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `dingxin-bench-${name}-`))
  atEnd(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}
