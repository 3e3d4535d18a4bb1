import { createHash } from 'node:crypto'

/** Everything that looks random comes from a seed, so that a restarted simulator gives the same accounts and ids. */
export class Random {
  #seed: string
  #count = 0

  constructor(seed: string) {
    this.#seed = seed
  }

  bytes(length: number): Buffer {
    const parts: Buffer[] = []
    for (let have = 0; have < length; have += 32) {
      parts.push(
        createHash('sha256')
          .update(`${this.#seed}/${this.#count++}`)
          .digest(),
      )
    }
    return Buffer.concat(parts).subarray(0, length)
  }

  hex(length: number): string {
    return this.bytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length)
  }

  /** URL-safe base64, as WeChat writes media ids, article ids and tokens. */
  letters(length: number): string {
    return this.bytes(length).toString('base64url').slice(0, length)
  }

  alphanumeric(length: number): string {
    let text = ''
    while (text.length < length) text += this.letters(64).replaceAll(/[-_]/g, '')
    return text.slice(0, length)
  }

  digits(length: number): string {
    const digits = [...this.bytes(length)].map((byte) => byte % 10).join('')
    return digits.replace(/^0/, '7')
  }

  fraction(): number {
    return this.bytes(4).readUInt32BE() / 2 ** 32
  }
}
