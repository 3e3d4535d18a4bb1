import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'

/** Settings are read once, checked, and a wrong one stops the start with its name and what was expected. */
export type Config = {
  home: string
  port: number
  host: string
  databaseUrl: string | undefined
  /** The address under which phones and WeChat reach us; links in messages start with it. */
  publicUrl: string | undefined
  demo: boolean
  role: 'all' | 'web' | 'worker'
  secretKey: string | undefined
  s3: { endpoint: string; bucket: string; region: string; accessKeyId: string; secretAccessKey: string } | undefined
  timestampUrl: string | undefined
  pinFolder: string | undefined
  /** Only behind a trusted proxy: the header in which it passes the caller's address on. */
  clientIpHeader: string | undefined
  logLevel: string
}

const text = z.string().trim().min(1)
const shape = z.object({
  DINGXIN_HOME: text.default(path.join(os.homedir(), '.dingxin')),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  HOST: text.default('127.0.0.1'),
  DATABASE_URL: text.regex(/^postgres(ql)?:\/\//, '应以 postgres:// 开头').optional(),
  PUBLIC_URL: z.url().optional(),
  DINGXIN_DEMO: z.enum(['0', '1']).default('1'),
  DINGXIN_ROLE: z.enum(['all', 'web', 'worker']).default('all'),
  DINGXIN_SECRET_KEY: text.optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_BUCKET: text.optional(),
  S3_REGION: text.default('cn'),
  S3_ACCESS_KEY_ID: text.optional(),
  S3_SECRET_ACCESS_KEY: text.optional(),
  TIMESTAMP_URL: z.url().optional(),
  DINGXIN_PIN_FOLDER: text.optional(),
  CLIENT_IP_HEADER: text.optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export function readConfig(environment: Record<string, string | undefined>): Config {
  const read = shape.safeParse(withFiles(environment))
  if (!read.success) {
    const lines = read.error.issues.map((issue) => `  ${issue.path.join('.')}：${issue.message}`)
    throw new Error(`设置有误，没有启动，数据未动：\n${lines.join('\n')}`)
  }
  const s = read.data
  const s3 = s.S3_ENDPOINT && s.S3_BUCKET && s.S3_ACCESS_KEY_ID && s.S3_SECRET_ACCESS_KEY
  return {
    home: path.resolve(s.DINGXIN_HOME),
    port: s.PORT,
    host: s.HOST,
    databaseUrl: s.DATABASE_URL,
    publicUrl: s.PUBLIC_URL?.replace(/\/$/, ''),
    demo: s.DINGXIN_DEMO === '1',
    role: s.DINGXIN_ROLE,
    secretKey: s.DINGXIN_SECRET_KEY,
    s3: s3
      ? {
          endpoint: s.S3_ENDPOINT!,
          bucket: s.S3_BUCKET!,
          region: s.S3_REGION,
          accessKeyId: s.S3_ACCESS_KEY_ID!,
          secretAccessKey: s.S3_SECRET_ACCESS_KEY!,
        }
      : undefined,
    timestampUrl: s.TIMESTAMP_URL,
    pinFolder: s.DINGXIN_PIN_FOLDER,
    clientIpHeader: s.CLIENT_IP_HEADER,
    logLevel: s.LOG_LEVEL,
  }
}

/** Any setting may come from a file: NAME_FILE holds the path. Empty counts as unset. */
function withFiles(environment: Record<string, string | undefined>): Record<string, string> {
  const settings: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (!value) continue
    if (name.endsWith('_FILE') && name.slice(0, -5) in shape.shape)
      settings[name.slice(0, -5)] = fs.readFileSync(value, 'utf8').trim()
    else settings[name] ??= value
  }
  return settings
}
