import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { minifyContractRouter } from '@orpc/contract'
import type { Plugin } from 'vite'

const name = 'virtual:dingxin-contract'
const contractFile = resolve(fileURLToPath(new URL('.', import.meta.url)), '../../src/contract.ts')

/**
 * Gives the browser the paths of src/contract.ts as plain data. The whole contract would carry zod along (some 60 KB),
 * and the checking of input is the server's work anyway.
 */
export function contractModule(): Plugin {
  return {
    name: 'dingxin-contract',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    async load(id) {
      if (id !== `\0${name}`) return undefined
      this.addWatchFile(contractFile)
      const { contract } = await import(/* @vite-ignore */ pathToFileURL(contractFile).href)
      return `export default ${JSON.stringify(minifyContractRouter(contract))}`
    },
  }
}
