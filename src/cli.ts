import { parseArgs } from 'node:util'
import { runCommand } from './command-line.ts'

const words = process.argv.slice(2)
const { positionals, values } = parseArgs({
  args: words[0] === 'evidence' ? words.slice(0, 2) : words,
  allowPositionals: true,
  strict: false,
  options: {
    json: { type: 'boolean' },
    agency: { type: 'string' },
    appid: { type: 'string' },
    secret: { type: 'string' },
    name: { type: 'string' },
    'base-url': { type: 'string' },
    reception: { type: 'string' },
    'relay-url': { type: 'string' },
    token: { type: 'string' },
    'aes-key': { type: 'string' },
  },
})
process.exitCode = await runCommand(positionals, values as Record<string, string | boolean | undefined>, words)
