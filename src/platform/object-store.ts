import { hash as digest, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Bytes kept under their own SHA-256, so the same thing is kept once and a changed one is noticed when it is read.
 * Nothing is ever deleted or overwritten with something else.
 */
export type ObjectStore = {
  put(bytes: Uint8Array): Promise<{ hash: string; size: number }>
  /** Null when it was never stored. Throws `ObjectDamaged` when what is stored is no longer what was put. */
  get(hash: string): Promise<Uint8Array | null>
  has(hash: string): Promise<boolean>
}

export class ObjectDamaged extends Error {
  readonly hash: string
  constructor(hash: string, where: string) {
    super(`the stored object ${hash} in ${where} no longer matches its hash: restore it from a backup`)
    this.hash = hash
  }
}

export const sha256Of = (bytes: Uint8Array): string => digest('sha256', bytes, 'hex')

/** A hash becomes a file name or a URL: anything but 64 hex digits could lead out of the store. */
export function checkedHash(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new TypeError('not a SHA-256 in lower-case hex')
  return hash
}

/** Keeps objects as files: `folder/ab/cd/abcd…`, readable by the owner only. */
export function localObjectStore(folder: string): ObjectStore {
  const pathOf = (hash: string) => join(folder, hash.slice(0, 2), hash.slice(2, 4), hash)

  async function read(hash: string): Promise<Uint8Array | null> {
    const bytes = await readFile(pathOf(hash)).catch(nullWhenMissing)
    if (bytes && sha256Of(bytes) !== hash) throw new ObjectDamaged(hash, folder)
    return bytes
  }

  return {
    async put(bytes) {
      const hash = sha256Of(bytes)
      // Read, not just looked for: a copy that was damaged on disk is replaced by the good one in hand.
      const kept = await read(hash).catch((error) => {
        if (error instanceof ObjectDamaged) return null
        throw error
      })
      if (!kept) await writeWhole(pathOf(hash), bytes)
      return { hash, size: bytes.length }
    },
    get: async (hash) => read(checkedHash(hash)),
    has: async (hash) => (await read(checkedHash(hash))) !== null,
  }
}

/** After a power cut the file is there whole or not at all: the bytes reach the disk before the name does. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Random, because two processes in two containers may share this folder and even their process id.
  const draft = join(folder, `.${randomUUID()}.new`)
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
    await file.close()
    await rename(draft, path)
  } catch (error) {
    await file.close().catch(() => undefined)
    await unlink(draft).catch(() => undefined)
    throw error
  }
  await syncFolder(folder)
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; its file system journals the rename itself.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function nullWhenMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
