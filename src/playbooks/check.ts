import { isAlias, parseDocument, visit } from 'yaml'
import { zhCN } from 'zod/locales'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { parseDuration } from '../platform/time.ts'
import { type Playbook, playbookSchema } from './playbook.ts'

/** Reads one playbook; a refusal lists every mistake with its place and what was expected. */
export function readPlaybook(source: string, name: string): Outcome<Playbook> {
  const document = parseDocument(source, { prettyErrors: true, uniqueKeys: true })
  if (document.errors.length > 0) {
    const lines = document.errors.map((e) => `  ${place(e.linePos?.[0])}${e.message.split('\n')[0]}`)
    return refused(`${name} 不是可读的 YAML，没有生效：\n${lines.join('\n')}`)
  }
  if (hasAlias(document)) return refused(`${name} 用了 YAML 的引用（& 和 *），没有生效。请把内容原样写出来，免得改一处动了两处。`)
  const read = playbookSchema.safeParse(document.toJS(), { error: zhCN().localeError })
  if (!read.success) {
    const lines = read.error.issues.map((i) => `  ${i.path.join('.') || '（整个文件）'}：${i.message}`)
    return refused(`${name} 有 ${lines.length} 处不对，没有生效：\n${lines.join('\n')}`)
  }
  const mistakes = mistakesIn(read.data)
  if (mistakes.length > 0)
    return refused(`${name} 有 ${mistakes.length} 处不通，没有生效：\n${mistakes.map((m) => `  ${m}`).join('\n')}`)
  return done(read.data)
}

function hasAlias(document: ReturnType<typeof parseDocument>): boolean {
  let found = false
  visit(document, (_, node) => {
    found ||= isAlias(node)
  })
  return found
}

const place = (at?: { line: number; col: number }) => (at ? `第 ${at.line} 行第 ${at.col} 列：` : '')

/** What the shape alone cannot see: names that lead nowhere, circles, clocks nobody can meet, orders that forget a step. */
export function mistakesIn(playbook: Playbook): string[] {
  const mistakes: string[] = []
  const keys = playbook.steps.map((s) => s.key)
  const twice = (list: readonly string[]) => new Set(list.filter((k, i) => list.indexOf(k) !== i))
  const clocks = new Set(playbook.clocks.map((c) => c.key))
  for (const key of twice(keys)) mistakes.push(`步骤 ${key} 出现了两次`)
  for (const key of twice(playbook.clocks.map((c) => c.key))) mistakes.push(`时限 ${key} 出现了两次`)
  for (const step of playbook.steps) {
    for (const before of step.after) if (!keys.includes(before)) mistakes.push(`步骤 ${step.key} 要等的 ${before} 不存在`)
    for (const clock of step.meets)
      if (!clocks.has(clock)) mistakes.push(`步骤 ${step.key} 声称满足时限 ${clock}，但没有这个时限`)
    if (step.kind === 'manual' && step.how.length === 0) mistakes.push(`人工步骤 ${step.key} 没有写怎么做（how）`)
    for (const key of twice(step.answers.map((a) => a.key))) mistakes.push(`步骤 ${step.key} 的答案 ${key} 出现了两次`)
    for (const key of twice(step.proof.map((p) => p.key))) mistakes.push(`步骤 ${step.key} 的材料 ${key} 出现了两次`)
    // One clause, because a message to the client is compared with the record clause by clause.
    if (step.says && !/^已[^，。；、,;：:]+$/.test(step.says))
      mistakes.push(`步骤 ${step.key} 的 says 应以“已”开头，只用一句话说做完的一件事，不带标点`)
    for (const clock of playbook.clocks)
      if (step.meets.includes(clock.key) && parseDuration(step.within) > parseDuration(clock.within))
        mistakes.push(`步骤 ${step.key} 的时限比它要满足的 ${clock.key} 还晚`)
  }
  for (const clock of playbook.clocks) {
    if (!playbook.steps.some((s) => s.meets.includes(clock.key))) mistakes.push(`时限 ${clock.key} 没有任何步骤能满足它`)
  }
  for (const mode of ['secret', 'component'] as const) {
    const order = playbook.order[mode]
    for (const key of order) if (!keys.includes(key)) mistakes.push(`order.${mode} 里的 ${key} 不存在`)
    for (const key of keys) if (!order.includes(key)) mistakes.push(`order.${mode} 漏了步骤 ${key}`)
    for (const key of twice(order)) mistakes.push(`order.${mode} 里 ${key} 出现了两次`)
  }
  for (const key of inCircles(playbook)) mistakes.push(`步骤 ${key} 绕了一圈在等自己，永远开始不了`)
  return mistakes
}

function inCircles(playbook: Playbook): string[] {
  const after = new Map(playbook.steps.map((s) => [s.key, s.after]))
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    (after.get(from) ?? []).some((next) => {
      if (next === to) return true
      if (seen.has(next)) return false
      seen.add(next)
      return reaches(next, to, seen)
    })
  return [...after.keys()].filter((key) => reaches(key, key, new Set()))
}
