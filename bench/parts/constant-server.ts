import { serve } from '@hono/node-server'
import { Hono } from 'hono'

// The most that this HTTP server can answer on this machine: no work at all behind it. Everything the product does is the
// difference to this.
const app = new Hono()
app.post('*', (c) => c.text('success'))

process.once('message', () => {
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
    process.send!(`http://127.0.0.1:${port}`),
  )
  process.once('disconnect', () => server.close(() => process.exit(0)))
})
process.once('SIGTERM', () => process.exit(0))
