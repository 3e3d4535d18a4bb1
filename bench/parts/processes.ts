import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export const root = path.join(import.meta.dirname, '../..')

const passedOn = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'SYSTEMROOT']
/** No setting of the person who runs the bench reaches what is measured. */
export const bareEnvironment = (): Record<string, string> =>
  Object.fromEntries(passedOn.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))

/** `--profile FOLDER` leaves a CPU profile of every measured process there, for the developer tools of a browser. */
export const profiling = (flags: Record<string, string>): string[] =>
  flags.profile ? ['--cpu-prof', `--cpu-prof-dir=${path.resolve(flags.profile)}`] : []

/** Another program of ours in a process of its own: ask it, it answers. One question at a time. */
export type Partner<Question, Answer> = {
  pid: number
  ask(question: Question, withinMs?: number): Promise<Answer>
  stop(): Promise<void>
}

export function startPartner<Question extends string | object, Answer>(
  file: string,
  flags: Record<string, string> = {},
): Partner<Question, Answer> {
  const child = fork(path.join(import.meta.dirname, file), {
    env: bareEnvironment(),
    serialization: 'advanced',
    execArgv: profiling(flags),
  })
  return {
    pid: child.pid!,
    ask: (question, withinMs = 120_000) =>
      new Promise<Answer>((resolve, reject) => {
        const settle = (act: () => void) => {
          clearTimeout(timer)
          child.off('message', answered)
          child.off('exit', gone)
          act()
        }
        const answered = (answer: unknown) => settle(() => resolve(answer as Answer))
        const gone = (code: number | null) => settle(() => reject(new Error(`${file} ended (${code}) before it answered`)))
        const timer = setTimeout(() => settle(() => reject(new Error(`${file} did not answer within ${withinMs} ms`))), withinMs)
        child.once('message', answered)
        child.once('exit', gone)
        child.send(question)
      }),
    stop: () => stopChild(child),
  }
}

/** Asks it to end, then ends it. Only ever the process that we started. */
export async function stopChild(child: ChildProcess, withinMs = 10_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const patience = new AbortController()
  const tooLong = pause(withinMs, 'late', { signal: patience.signal }).catch(() => 'cancelled')
  if ((await Promise.race([exited, tooLong])) === 'late') child.kill('SIGKILL')
  patience.abort()
  await exited
}

/** A server that had to be killed leaves its database behind; it is known by its own folder, in which we put it. */
export async function stopDatabaseOf(home: string): Promise<void> {
  const data = path.join(home, 'postgres/pgdata')
  const lock = path.join(data, 'postmaster.pid')
  if (!existsSync(lock)) return
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0])
  const isOurs = () => existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data)
  if (!isOurs()) return
  process.kill(pid, 'SIGINT')
  await until('the database ends', () => !isOurs(), { withinMs: 10_000 })
}

/** The programs that a process started itself, remembered with their start, so that a reused id is never taken for one of them. */
export function childrenOf(pid: number): { pid: number; endIfAlive(): void }[] {
  const ids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  return ids.map((child) => {
    const began = startOf(child)
    return {
      pid: child,
      endIfAlive() {
        if (began !== undefined && startOf(child) === began) process.kill(child, 'SIGTERM')
      },
    }
  })
}

function startOf(pid: number): string | undefined {
  return fieldsOf(pid)?.[19]
}

/** Fields 3 and following of /proc/PID/stat (proc(5)): the name before them may hold spaces. */
function fieldsOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
  } catch {
    return undefined
  }
}

/** Processor time a process has used so far, in seconds: says what work costs even while others crowd the machine. */
export function processorSeconds(pid: number): number {
  const fields = fieldsOf(pid)
  return fields ? (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND : 0
}
const TICKS_A_SECOND = 100

/** The same of the database in `home` with all its connections, also those that have ended. */
export function databaseProcessorSeconds(home: string): number {
  const lock = path.join(home, 'postgres/pgdata/postmaster.pid')
  const postmaster = Number(readFileSync(lock, 'utf8').split('\n')[0])
  const ended = fieldsOf(postmaster)
  const live = childrenOf(postmaster).reduce((sum, child) => sum + processorSeconds(child.pid), 0)
  return live + processorSeconds(postmaster) + (ended ? (Number(ended[13]) + Number(ended[14])) / TICKS_A_SECOND : 0)
}

/** Asks until it is true; answers how long that took. */
export async function until(
  what: string,
  isTrue: () => Promise<boolean> | boolean,
  bound: { withinMs: number; everyMs?: number },
): Promise<number> {
  const started = performance.now()
  for (;;) {
    if (await isTrue()) return performance.now() - started
    if (performance.now() - started > bound.withinMs) throw new Error(`${what}: not within ${bound.withinMs} ms`)
    await pause(bound.everyMs ?? 50)
  }
}

/** Resident memory of one process in MB, as the kernel counts it. */
export function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (!kilobytes) throw new Error(`the kernel does not say how much memory process ${pid} holds`)
  return Number(kilobytes) / 1024
}
