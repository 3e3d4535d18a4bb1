import { enableCompileCache } from 'node:module'

enableCompileCache()
const { main } = await import('./main.ts')
await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
  // Ends what was started, as a stop would, and keeps the exit status.
  process.emit('SIGTERM')
})
