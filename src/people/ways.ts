/** What a person hears or sees, apart from which supplier carries it. */
export type Way = 'app' | 'sms' | 'voice' | 'email' | 'group'
export const everyWay: readonly Way[] = ['app', 'sms', 'voice', 'email', 'group']

export const wayNames: Record<Way, string> = { app: '应用消息', sms: '短信', voice: '电话', email: '邮件', group: '群机器人' }

/** The way a kind of channel is (kinds are those of src/comms/channels); nothing for kinds that do not reach staff. */
export function wayOf(kind: string): Way | undefined {
  if (/^(wecom|dingtalk|feishu)-app$/.test(kind)) return 'app'
  if (/^[a-z]+-robot$/.test(kind)) return 'group'
  if (/^sms-[a-z]+$/.test(kind)) return 'sms'
  if (/^voice-[a-z]+$/.test(kind)) return 'voice'
  return kind === 'email' ? 'email' : undefined
}
