import { spawn } from 'node:child_process'
import path from 'node:path'
import type { SimulatorFacts } from '../demo.ts'

/** A simulator that already runs is told by its own line (DINGXIN_SIMULATOR); otherwise one is started. */
export async function findSimulator(): Promise<{ facts: SimulatorFacts; stop(): Promise<void> }> {
  const known = process.env.DINGXIN_SIMULATOR
  return known ? { facts: JSON.parse(known) as SimulatorFacts, stop: async () => {} } : startSimulatorProcess()
}

/** Runs the simulator as a program of its own, as an outsider would meet it; answers what it prints. */
async function startSimulatorProcess(): Promise<{ facts: SimulatorFacts; stop(): Promise<void> }> {
  const program = path.join(import.meta.dirname, '../../simulator/main.ts')
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SIMULATOR_PORT: process.env.SIMULATOR_PORT ?? '0' },
  })
  // A simulator whose parent was killed must not stay behind.
  process.once('exit', () => child.kill('SIGKILL'))
  const facts = await new Promise<SimulatorFacts>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) resolve(JSON.parse(text.slice(0, end)) as SimulatorFacts)
    })
    child.once('exit', (code) => reject(new Error(`模拟器没有启动（${code}）。可以设 DINGXIN_DEMO=0 不用模拟器启动。`)))
  })
  return {
    facts,
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit')
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}
