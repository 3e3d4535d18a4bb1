import type { Fresh, Waiting } from './queue-rules.ts'

/** Where the queue lives between reloads. */
export type QueueStore = {
  add(one: Fresh & { incident: string }): Promise<Waiting>
  all(incident: string): Promise<Waiting[]>
  change(one: Waiting): Promise<void>
  remove(number: number): Promise<void>
}

const NAME = 'dingxin'
const SHELF = 'waiting'

/** IndexedDB keeps pictures and acts in one order. Where a webview refuses it, the queue lives as long as the page. */
export async function openQueueStore(): Promise<QueueStore> {
  try {
    return inDatabase(await open())
  } catch {
    return inMemory()
  }
}

const open = (): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(SHELF, { keyPath: 'number', autoIncrement: true })
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
    opening.onblocked = () => reject(new Error('the queue is held by another version of this page'))
  })

function inDatabase(database: IDBDatabase): QueueStore {
  const run = <T>(mode: IDBTransactionMode, work: (shelf: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const tx = database.transaction(SHELF, mode)
      const request = work(tx.objectStore(SHELF))
      // The answer counts once the disk has it, or a reload could lose a press that was shown as kept.
      tx.oncomplete = () => resolve(request.result)
      tx.onabort = tx.onerror = () => reject(tx.error ?? request.error)
    })
  return {
    add: async (one) => ({ ...one, number: Number(await run('readwrite', (shelf) => shelf.add(one))) }) as Waiting,
    all: async (incident) =>
      ((await run('readonly', (shelf) => shelf.getAll())) as Waiting[]).filter((one) => one.incident === incident),
    change: async (one) => void (await run('readwrite', (shelf) => shelf.put(one))),
    remove: async (number) => void (await run('readwrite', (shelf) => shelf.delete(number))),
  }
}

export function inMemory(): QueueStore {
  let last = 0
  const shelf = new Map<number, Waiting>()
  return {
    add: async (one) => {
      last += 1
      const kept = { ...one, number: last } as Waiting
      shelf.set(last, kept)
      return kept
    },
    all: async (incident) => [...shelf.values()].filter((one) => one.incident === incident),
    change: async (one) => void shelf.set(one.number, one),
    remove: async (number) => void shelf.delete(number),
  }
}
