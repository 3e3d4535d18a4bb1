import type { Provider } from './world.ts'

/**
 * A fault waits until its provider is called and then happens so many times. General ones are carried out around any provider
 * (`answers.ts`); the others are asked for by the provider that knows them. README.md lists them all.
 */
export function faults() {
  let waiting: { provider: Provider; fault: string; times: number }[] = []
  return {
    add(provider: Provider, fault: string, times: number): void {
      waiting.push({ provider, fault, times })
    },
    /** Uses up one occurrence of the first fault that fits. A name ending in ":" fits every fault that starts with it. */
    take(provider: Provider, ...names: string[]): string | undefined {
      const fits = (fault: string) => names.some((name) => (name.endsWith(':') ? fault.startsWith(name) : fault === name))
      const found = waiting.find((entry) => entry.provider === provider && fits(entry.fault))
      if (!found) return undefined
      found.times--
      waiting = waiting.filter((entry) => entry.times > 0)
      return found.fault
    },
    list: () => waiting.map((entry) => ({ ...entry })),
    clear(): void {
      waiting = []
    },
  }
}
export type Faults = ReturnType<typeof faults>

/** Carried out around every provider, whatever it would have answered. */
export const generalFaults = [
  'refuse-connection',
  'hang',
  'hang-before',
  'hang-up',
  'html-502',
  'html-502-before',
  'empty-200',
  'not-json-200',
  'slow',
  'code-as-string',
  'duplicate-field',
  'code:',
]
