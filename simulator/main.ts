import { startSimulator } from './simulator.ts'

const port = Number(process.env.SIMULATOR_PORT ?? 0)
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  process.stderr.write(`SIMULATOR_PORT 应是 0 到 65535 的整数（0 表示任意空闲端口），现在是“${process.env.SIMULATOR_PORT}”。\n`)
  process.exit(2)
}

const simulator = await startSimulator({ port, seed: process.env.SIMULATOR_SEED }).catch((error: unknown) => {
  process.stderr.write(
    `模拟器没有启动：端口 ${port} 用不了（${error instanceof Error ? error.message : String(error)}）。换一个 SIMULATOR_PORT 再试。\n`,
  )
  return process.exit(1)
})
const { url, accounts, component, smtp } = simulator
process.stdout.write(`${JSON.stringify({ url, accounts, component, ...(smtp ? { smtp } : {}) })}\n`)

const stop = () => {
  void simulator.close().then(() => process.exit(0))
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
