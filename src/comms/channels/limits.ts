import { type Duration, days, hours, minutes, seconds } from '../../platform/time.ts'
import type { ChannelKind } from './channel.ts'

/**
 * How a provider's window runs. `sliding` is also what we assume where nobody knows: it is never looser than the truth.
 * `from-first` opens with the first send and closes its length later; `day` and `night` are Beijing's.
 */
export type Window = { runs: 'sliding' | 'from-first'; length: Duration } | { runs: 'day' } | { runs: 'night' }

export type Limit = {
  /** Whose sends count together. */
  per: 'supplier' | 'person' | 'person-and-content'
  window: Window
  count: number
  /** Kept back for urgent notices, so that reminders of an afternoon never silence the page of the night. */
  reserve?: number
  why: string
}

const sliding = (length: Duration): Window => ({ runs: 'sliding', length })
/** Where overstepping is punished or goes unnoticed we allow for the way a message travels: their minute is not quite ours. */
const TRAVEL = seconds(2)
const fromFirst = (length: Duration): Window => ({ runs: 'from-first', length })

/** Every limit we know of. Sources: the providers' own limit pages; the raised figures need a ticket and are settings of the account. */
export const limits: Record<ChannelKind, Limit[]> = {
  'wecom-robot': [{ per: 'supplier', window: sliding(minutes(1)), count: 20, reserve: 5, why: '企业微信群机器人每分钟 20 条' }],
  // Beyond these WeCom still says ok and drops the message: nothing but our own count can notice.
  'wecom-app': [
    {
      per: 'person',
      window: sliding(minutes(1) + TRAVEL),
      count: 30,
      reserve: 5,
      why: '企业微信应用对同一成员每分钟 30 条，超出的会被悄悄丢弃',
    },
    {
      per: 'person',
      window: sliding(hours(1) + TRAVEL),
      count: 1000,
      reserve: 50,
      why: '企业微信应用对同一成员每小时 1000 条，超出的会被悄悄丢弃',
    },
    { per: 'supplier', window: sliding(minutes(1)), count: 10_000, why: '企业微信接口每分钟 10000 次' },
    { per: 'supplier', window: sliding(hours(1)), count: 150_000, why: '企业微信接口每小时 150000 次' },
  ],
  // "As many a month as the month has days": counted as the shortest month over the longest.
  'wecom-customers': [{ per: 'person', window: sliding(days(31)), count: 28, reserve: 4, why: '企业群发对同一客户每月条数有限' }],
  // The 21st costs ten minutes of silence, good messages included.
  'dingtalk-robot': [
    {
      per: 'supplier',
      window: sliding(minutes(1) + TRAVEL),
      count: 20,
      reserve: 5,
      why: '钉钉群机器人每分钟 20 条，超出会停用 10 分钟',
    },
  ],
  // "The same words once a day" does not bind us: every notice carries its own number.
  'dingtalk-app': [{ per: 'person', window: { runs: 'day' }, count: 100, reserve: 20, why: '钉钉工作通知对同一人每天 100 条' }],
  'feishu-robot': [
    { per: 'supplier', window: sliding(seconds(1)), count: 5, why: '飞书群机器人每秒 5 条' },
    { per: 'supplier', window: sliding(minutes(1)), count: 100, reserve: 10, why: '飞书群机器人每分钟 100 条' },
  ],
  'feishu-app': [
    { per: 'person', window: sliding(seconds(1)), count: 5, why: '飞书应用对同一人每秒 5 条' },
    { per: 'supplier', window: sliding(seconds(1)), count: 50, why: '飞书应用每秒 50 条' },
    { per: 'supplier', window: sliding(minutes(1)), count: 1000, reserve: 50, why: '飞书应用每分钟 1000 条' },
  ],
  'sms-aliyun': [
    {
      per: 'person-and-content',
      window: sliding(hours(24)),
      count: 50,
      reserve: 10,
      why: '阿里云通知短信同一模板对同一号码 24 小时 50 条',
    },
  ],
  'sms-tencent': [
    { per: 'person-and-content', window: sliding(seconds(30)), count: 1, why: '腾讯云短信同样内容对同一号码 30 秒 1 条' },
    { per: 'person', window: { runs: 'day' }, count: 2, reserve: 1, why: '腾讯云短信对同一号码每天 2 条（可申请提高）' },
  ],
  'voice-aliyun': [
    { per: 'person', window: fromFirst(minutes(1)), count: 1, why: '阿里云语音对同一号码每分钟 1 次' },
    { per: 'person', window: fromFirst(hours(1)), count: 5, reserve: 2, why: '阿里云语音对同一号码每小时 5 次' },
    { per: 'person', window: fromFirst(hours(24)), count: 20, reserve: 8, why: '阿里云语音对同一号码 24 小时 20 次' },
  ],
  'voice-tencent': [
    { per: 'person', window: sliding(seconds(30)), count: 1, why: '腾讯云语音对同一号码 30 秒 1 次' },
    { per: 'person', window: sliding(minutes(10)), count: 2, reserve: 1, why: '腾讯云语音对同一号码 10 分钟 2 次' },
    { per: 'person', window: { runs: 'day' }, count: 5, reserve: 2, why: '腾讯云语音对同一号码每天 5 次' },
    {
      per: 'person',
      window: { runs: 'night' },
      count: 1,
      reserve: 1,
      why: '腾讯云语音 22:00–08:00 对同一号码只有 1 次（可申请提高）',
    },
  ],
  email: [],
}
