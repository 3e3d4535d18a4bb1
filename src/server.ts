import { enableCompileCache } from 'node:module'

enableCompileCache()
const { main } = await import('./main.ts')
await main()
