import { done, type Outcome, refused } from '../platform/outcome.ts'
import type { Instant } from '../platform/time.ts'
import type { Auth } from './auth.ts'

export type SessionView = {
  id: string
  device: string
  ip: string
  signedInAt: Instant
  lastSeenAt: Instant
  /** The device this page is open on. */
  current: boolean
}

/** Where I am signed in, this device first. */
export async function mySessions(auth: Auth, headers: Headers): Promise<SessionView[]> {
  const here = await auth.sessionOf(headers)
  if (!here) return []
  const views = (await auth.sessionsOf(here.userId)).map(({ id, userAgent, ip, signedInAt, lastSeenAt }) => ({
    id,
    device: deviceName(userAgent),
    ip,
    signedInAt,
    lastSeenAt,
    current: id === here.sessionId,
  }))
  return [...views.filter((view) => view.current), ...views.filter((view) => !view.current)]
}

/** Signs one of my devices out, for example a phone that was lost. */
export async function revokeMySession(auth: Auth, headers: Headers, sessionId: string): Promise<Outcome<null>> {
  const here = await auth.sessionOf(headers)
  if (!here) return refused('登录已失效，没有改动。请重新登录。')
  return (await auth.revokeSession(here.userId, sessionId)) ? done(null) : refused('这台设备已经退出了，不用再退。')
}

/** Signs every other device out; this one stays. Says how many. */
export async function revokeMyOtherSessions(auth: Auth, headers: Headers): Promise<Outcome<{ ended: number }>> {
  const here = await auth.sessionOf(headers)
  if (!here) return refused('登录已失效，没有改动。请重新登录。')
  const others = (await auth.sessionsOf(here.userId)).filter((session) => session.id !== here.sessionId)
  const ended = await Promise.all(others.map((session) => auth.revokeSession(here.userId, session.id)))
  return done({ ended: ended.filter(Boolean).length })
}

const apps: [RegExp, string][] = [
  [/wxwork/i, '企业微信'],
  [/MicroMessenger/i, '微信'],
  [/DingTalk/i, '钉钉'],
  [/Lark|Feishu/i, '飞书'],
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const machines: [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/HarmonyOS/i, '鸿蒙手机'],
  [/Android/, 'Android 手机'],
  [/Windows/, 'Windows 电脑'],
  [/Mac OS X|Macintosh/, 'Mac 电脑'],
  [/Linux/, 'Linux 电脑'],
]

/** A browser's description in words a person recognises: “微信 · iPhone”. Order matters: inside WeChat the text names Safari too. */
export function deviceName(userAgent: string): string {
  const app = apps.find(([pattern]) => pattern.test(userAgent))?.[1]
  const machine = machines.find(([pattern]) => pattern.test(userAgent))?.[1]
  return [app, machine].filter(Boolean).join(' · ') || '未知设备'
}
