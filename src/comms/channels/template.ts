import type { Notice } from './channel.ts'
import { missingValues } from './render.ts'
import { configuration, message, type Problem } from './verdicts.ts'

type Chosen<T> = { template: T; values: Record<string, string> } | { problem: Problem; name: string }

/**
 * Finds the registered template a notice asks for. Carriers refuse free text, and a value with a web address in it
 * (`isv.PARAM_NOT_SUPPORT_URL`): better told here than at three in the morning.
 */
export function chooseTemplate<T extends { text: string }>(templates: Record<string, T>, notice: Notice): Chosen<T> {
  const wanted = notice.template
  if (!wanted) return { problem: message('短信和语音只能用已报备的模板，这条消息没有指定模板'), name: '无模板' }
  const template = templates[wanted.name]
  if (!template) return { problem: configuration(`模板“${wanted.name}”还没有在渠道设置里登记`), name: wanted.name }
  const missing = missingValues(template.text, wanted.values)
  if (missing.length) return { problem: message(`模板“${wanted.name}”缺少内容：${missing.join('、')}`), name: wanted.name }
  const linked = Object.entries(wanted.values).find(([, value]) =>
    /https?:\/\/|\b[a-z0-9-]+\.(?:cn|com|net|org|top|link)\b/i.test(value),
  )
  if (linked) return { problem: message(`模板变量“${linked[0]}”里不能有网址，请把域名写进模板，变量只放短码`), name: wanted.name }
  return { template, values: wanted.values }
}
