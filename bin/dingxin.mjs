#!/usr/bin/env node
// Plain JavaScript: finds the Node that belongs to the product when the system's own is too old.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const own = `${root}node_modules/.bin/node`
const node = Number(process.versions.node.split('.')[0]) < 24 && fs.existsSync(own) ? own : process.execPath
const done = spawnSync(node, [`${root}src/cli.ts`, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exit(done.status ?? 1)
