import fs from 'node:fs'
import { readPlaybook } from './check.ts'
import type { Playbook, SignalKind } from './playbook.ts'

const folder = new URL('../../playbooks/', import.meta.url)
export type Library = {
  bySlug(slug: string): Playbook
  forSignal(kind: SignalKind): Playbook | undefined
  all: readonly Playbook[]
}

/** Reads every playbook once, at the start; a broken one stops the start with its mistakes, not an incident at night. */
export function loadLibrary(): Library {
  const all = fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => {
      const name = `playbooks/${entry.name}/playbook.yaml`
      const read = readPlaybook(fs.readFileSync(new URL(`${entry.name}/playbook.yaml`, folder), 'utf8'), name)
      if (!read.ok) throw new Error(read.reason)
      return read.value
    })
  return {
    all,
    bySlug(slug) {
      const found = all.find((playbook) => playbook.slug === slug)
      if (!found) throw new Error(`no playbook called ${slug}`)
      return found
    },
    forSignal: (kind) => all.find((playbook) => playbook.opensOn.includes(kind)),
  }
}
