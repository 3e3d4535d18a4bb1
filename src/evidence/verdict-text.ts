import { elapsed, minutes } from '../platform/time.ts'
import { spokenFingerprint } from './signing.ts'
import type { PackFacts, Verdict } from './verdict.ts'
import { beijing, printable } from './words.ts'

const CLOCKS_MAY_DIFFER = minutes(10)

/** The verdict for a person, on a terminal or a page: what was found, what it proves, what it does not. */
export function verifyText(verdict: Verdict): string {
  return `${(verdict.ok ? sound(verdict.facts) : unsound(verdict)).join('\n')}\n`
}

function sound(facts: PackFacts): string[] {
  return [
    '✓ 核对通过：自签名以来，这个文件没有一个字节变过。',
    '',
    ...about(facts),
    '',
    '签名钥匙的指纹（SHA-256）',
    `  ${spokenFingerprint(facts.fingerprint)}`,
    facts.keyCompared
      ? '  与您给出的指纹一致。'
      : '  ! 没有核对这把钥匙是谁的：任何人都能用自己的钥匙做出一个通过核对的包。\n    请向出具方另行索取指纹（电话、合同、官网），再用 --fingerprint 核对一次。',
    '',
    '能证明的',
    '  · 时间线、证据文件和报告都与签名时一字不差，没有增加、删去或调换。',
    `  · 签名用的是上面这把钥匙。${facts.timestamp ? '' : '签名的时刻只有出具方自己的说法。'}`,
    ...timestampLines(facts),
    ...pinLines(facts),
    '',
    '不能证明的',
    '  · 签名之前记录的内容是否属实、是否完整。',
    '  · 钥匙在谁手里。',
    ...(facts.timestamp ? ['  · 时间戳机构是否可信：只核对了它随附的证书，没有核对证书来自哪个受信任的机构。'] : []),
  ]
}

function unsound(verdict: Extract<Verdict, { ok: false }>): string[] {
  const [first, ...others] = verdict.problems
  const { facts } = verdict
  return [
    `✗ 核对不通过：${first!.sentence}`,
    `  位置：${first!.place}`,
    ...(others.length > 0 ? ['', '另外', ...others.slice(0, 20).map(({ sentence }) => `  · ${sentence}`)] : []),
    ...(others.length > 20 ? [`  · 还有 ${others.length - 20} 处`] : []),
    ...(facts ? ['', '包里自称（未经证实）', ...about(facts), `  指纹　　${spokenFingerprint(facts.fingerprint)}`] : []),
    '',
    '怎么办：请保留这一份，不要修改；向出具方要一份原件，再核对一次。在此之前，请不要把它当作证据使用。',
  ]
}

function about(facts: PackFacts): string[] {
  return [
    `  出具方　${printable(facts.agency)}`,
    `  事件　　${facts.incident.isDrill ? '【演练，不是真实事件】' : ''}${printable(facts.incident.number)} ${printable(facts.incident.title)}`,
    `  导出于　${beijing(facts.exportedAt)}（北京时间，出具方的时钟），${printable(facts.product)}`,
    `  内容　　时间线 ${facts.entries} 条，证据 ${facts.items} 件`,
  ]
}

function timestampLines({ timestamp, exportedAt }: PackFacts): string[] {
  if (!timestamp) return ['  · 没有第三方时间戳。']
  return [
    `  · 最迟在 ${beijing(timestamp.at)}（北京时间）这些内容已经存在：由“${printable(timestamp.authority)}”盖了时间戳`,
    `    （证书签发者“${printable(timestamp.issuedBy)}”，编号 ${timestamp.serial}）。`,
    ...(Math.abs(elapsed(exportedAt, timestamp.at)) > CLOCKS_MAY_DIFFER
      ? ['    ! 出具方所写的导出时间与时间戳相差十分钟以上，请以时间戳为准。']
      : []),
  ]
}

function pinLines({ pins }: PackFacts): string[] {
  if (pins.length === 0) return []
  return [
    '  · 下列时刻曾把时间线的哈希告知外部。若您手里有当时那条消息，请与它比对；相同，则那时已写下的记录从那以后没有改过：',
    ...pins.map(({ at, seq, head, where }) => `    ${beijing(at)}　第 ${seq} 条　${head}　${printable(where)}`),
  ]
}
