import { parseArgs } from 'node:util'
import { openStage } from './stage.ts'
import { playStolen } from './stolen.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { json: { type: 'boolean' }, 'first-sign': { type: 'boolean' } },
})
const [name] = positionals
if (name !== 'stolen') {
  process.stderr.write('用法：npm run story -- stolen [--json] [--first-sign]\n')
  process.exit(64)
}

const stage = await openStage()
try {
  const figures = await playStolen(stage, {
    firstSign: values['first-sign'] === true,
    tell: (text) => process.stderr.write(`${text}\n`),
  })
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`)
  else for (const [key, value] of Object.entries(figures)) process.stdout.write(`${key}: ${JSON.stringify(value)}\n`)
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n${stage.log().slice(-3000)}\n`)
  process.exitCode = 1
} finally {
  await stage.close()
}
