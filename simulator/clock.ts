/**
 * The simulator's time: real time plus an offset, or standing still. What is to happen later is kept with its moment,
 * so that moving the clock makes it happen in order and leaving it alone makes it happen in real time.
 */
type Task = { due: number; run: () => void; order: number }

export type Settle = () => Promise<void>

export class Clock {
  #offset = 0
  #frozenAt: number | undefined
  #tasks: Task[] = []
  #order = 0
  #closed = false
  #timer: NodeJS.Timeout | undefined
  #destination: number | undefined
  #moving: Promise<void> = Promise.resolve()
  #realNow: () => number

  constructor(realNow: () => number = Date.now) {
    this.#realNow = realNow
  }

  now(): number {
    return this.#frozenAt ?? this.#realNow() + this.#offset
  }

  isFrozen(): boolean {
    return this.#frozenAt !== undefined
  }

  /** Where a move in progress will end; recurring tasks use it to skip turns nobody could tell apart. */
  destination(): number {
    return this.#destination ?? this.now()
  }

  after(ms: number, run: () => void): void {
    this.at(this.now() + ms, run)
  }

  at(due: number, run: () => void): void {
    if (this.#closed) return
    this.#tasks.push({ due, run, order: this.#order++ })
    this.#tasks.sort((a, b) => a.due - b.due || a.order - b.order)
    this.#wakeForNext()
  }

  freeze(): void {
    this.#frozenAt = this.now()
    this.#wakeForNext()
  }

  thaw(): void {
    if (this.#frozenAt === undefined) return
    this.#offset = this.#frozenAt - this.#realNow()
    this.#frozenAt = undefined
    this.#wakeForNext()
  }

  /** Moves to a moment, doing on the way what falls due; `settle` lets each consequence arrive before the next. */
  moveTo(target: number, settle: Settle): Promise<void> {
    return this.#queue(() => this.#move(target, settle))
  }

  advance(ms: number, settle: Settle): Promise<void> {
    return this.#queue(() => this.#move(this.now() + ms, settle))
  }

  /** One move at a time: two at once would carry each other's time back. */
  #queue(move: () => Promise<void>): Promise<void> {
    this.#moving = this.#moving.then(move, move)
    return this.#moving
  }

  async #move(target: number, settle: Settle): Promise<void> {
    const back = this.now() - target
    if (back > 0) this.#tasks = this.#tasks.map((task) => ({ ...task, due: task.due - back }))
    this.#destination = target
    for (let task = this.#tasks[0]; task && task.due <= target; task = this.#tasks[0]) {
      this.#tasks.shift()
      this.#set(Math.max(task.due, Math.min(this.now(), target)))
      task.run()
      await settle()
    }
    this.#destination = undefined
    if (this.isFrozen() || back > 0 || this.now() < target) this.#set(target)
    this.#wakeForNext()
  }

  /** Nothing happens any more, whatever is still asked for. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#tasks = []
  }

  #set(now: number): void {
    if (this.#frozenAt === undefined) this.#offset = now - this.#realNow()
    else this.#frozenAt = now
  }

  #wakeForNext(): void {
    clearTimeout(this.#timer)
    const next = this.#tasks[0]
    if (!next || this.isFrozen()) return
    // setTimeout overflows past 2^31 ms; waking early only asks again.
    const wait = Math.min(Math.max(next.due - this.now(), 0), 2 ** 30)
    this.#timer = setTimeout(() => this.#runDue(), wait)
  }

  #runDue(): void {
    if (this.#destination !== undefined || this.isFrozen()) return
    for (let task = this.#tasks[0]; task && task.due <= this.now(); task = this.#tasks[0]) {
      this.#tasks.shift()
      task.run()
    }
    this.#wakeForNext()
  }
}

const BEIJING_OFFSET = 8 * 3_600_000
export const DAY = 86_400_000
/** WeChat's day, whatever it is used for, is UTC+8: "2026-11-22". */
export const beijingDay = (at: number): string => new Date(at + BEIJING_OFFSET).toISOString().slice(0, 10)
export const beijingMonth = (at: number): string => beijingDay(at).slice(0, 7)
/** The moment a UTC+8 day begins. */
export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00+08:00`)
export const iso = (at: number): string => new Date(at).toISOString()
export const unix = (at: number): number => Math.floor(at / 1000)
