import { doneSentences } from './client-words.ts'
import type { Snapshot } from './snapshot.ts'

// What a text says is done, compared with what the timeline shows as done (product promise 5).

const acts = '删除|撤下|恢复|暂停|停止|冻结|更换|重置|清理|修改|联系|提交|保存|找回|解决|控制住|处理'
/** “删除了”, “处理完毕”: said without 已, claimed all the same. Not “恢复完整”, not what is still to come. */
const finished = new RegExp(`(${acts})(?:完毕|完成|好了|完(?!整|善|全)|了)`)
const notYet = /没|未|尚|正在|将|会|等|待|后|前/

/** The clauses of a text that say something is done. “您已选择…” speaks of the client, “如果已…” of what may be. */
export function claimsIn(text: string): string[] {
  return text
    .split(/[，。；、,;\n：:！!？?]|(?=并已)|并且|以及/)
    .map((clause) => clause.trim())
    .flatMap((clause) => {
      if (/^您已经?(选|收到|看到)|^(如果|如您|如已|若)/.test(clause)) return []
      if (/(?<!而|得|不)已(?!经?是|知)/.test(clause)) return [clause]
      return finished.test(clause) && !notYet.test(clause) ? [clause] : []
    })
}

/** Backed is a clause that says the same as the sentence which the plan offers for a step shown as done. Part of it is another claim. */
export function isRecorded(claim: string, state: Snapshot): boolean {
  const said = plain(claim.replace(finished, '已$1'))
  return (
    numbersMatch(claim, state) &&
    recordedSentences(state)
      .map(plain)
      .some((sentence) => said === sentence || isShortFor(said, sentence))
  )
}

/** What does not change the claim: who speaks, when, how many (counted apart), of what account. */
const plain = (text: string): string =>
  text
    .replace(/\d+|\s|篇|[两二三四五六七八九十一]+(?=篇|条)|条|已经/g, (found) => (found === '已经' ? '已' : ''))
    .replace(/^(我们|我方|目前|现在|刚刚|系统|同时|另外|公众号|账号|并|都)+(?=已)/, '')
    .replace(/^已(全部|都)?/, '已')
    .replace(/公众号|的|了$/g, '')
/** “已暂停全部待发” for “已暂停全部待发内容”; “已恢复” for “已恢复菜单” would be a greater claim than the record. */
const isShortFor = (said: string, sentence: string) =>
  said.length >= 6 && sentence.startsWith(said) && sentence.length - said.length <= 2

function recordedSentences(state: Snapshot): string[] {
  const saysOf = (key: string) => state.plan.steps.find((p) => p.key === key)?.says ?? []
  const isRestored = state.restoredAt !== undefined && state.certainty !== 'false-alarm'
  return [
    ...doneSentences(state).sentences,
    ...state.steps.filter((s) => s.state === 'done').flatMap((s) => saysOf(s.key)),
    ...(isRestored || mayTellRestored(state) ? [state.plan.words.restored] : []),
  ]
}

/** “已恢复正常” needs more than a draft that says so: what the plan puts before that message has to be done. */
function mayTellRestored(state: Snapshot): boolean {
  const before = state.plan.steps.filter((s) => s.message === 'restored').flatMap((s) => s.after)
  return before.length > 0 && before.every((key) => state.steps.find((s) => s.key === key)?.state === 'done')
}

/** “已删除 3 篇” with two removed is a false claim even though something was removed. */
function numbersMatch(claim: string, state: Snapshot): boolean {
  const said = /(\d+|[两一二三四五六七八九十]+)\s*(?:篇|条)/.exec(claim.normalize('NFKC'))
  if (!said) return true
  const count = /\d/.test(said[1]!) ? Number(said[1]) : fromChinese(said[1]!)
  const removed = state.articles.filter((a) => a.removedSeq !== undefined)
  return count === removed.length || count === removed.filter((a) => a.removedBy === 'machine').length
}

function fromChinese(text: string): number {
  const digit = (c: string | undefined) => (c === '两' ? 2 : '零一二三四五六七八九'.indexOf(c ?? ''))
  const ten = text.indexOf('十')
  if (ten < 0) return text.length === 1 ? digit(text) : Number.NaN
  return (ten === 0 ? 1 : digit(text[0])) * 10 + (text.length > ten + 1 ? digit(text[ten + 1]) : 0)
}
