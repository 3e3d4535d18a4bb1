import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readPlaybook } from './check.ts'
import { loadLibrary } from './library.ts'
import { signalKinds } from './playbook.ts'

const source = fs.readFileSync(new URL('../../playbooks/stolen/playbook.yaml', import.meta.url), 'utf8')
const read = (text: string) => readPlaybook(text, 'playbooks/stolen/playbook.yaml')
/** The real plan with one thing changed; the change must be there to be made. */
const changed = (from: string | RegExp, to: string) => {
  const text = source.replace(from, to)
  if (text === source) throw new Error(`nothing to change: ${String(from)}`)
  return text
}
const complaint = (text: string) => {
  const outcome = read(text)
  return outcome.ok ? '（没有意见）' : outcome.reason
}

test('the plans we deliver are readable, and what a machine observes leads to one plan', () => {
  const library = loadLibrary()

  expect(library.all.map((p) => p.slug)).toContain('stolen')
  expect(read(source).ok).toBe(true)
  // What a person reports, the person names.
  for (const kind of signalKinds.filter((k) => k !== 'reported'))
    expect(library.all.filter((p) => p.opensOn.includes(kind)).length).toBeLessThan(2)
  expect(library.bySlug('stolen').slug).toBe('stolen')
  expect(() => library.bySlug('nothing')).toThrow('no playbook called nothing')
})

describe('what is not YAML is explained with its line', () => {
  test.each([
    ['a key twice', changed('signs: 2', 'signs: 2\nsigns: 3'), /第 \d+ 行/],
    ['a bracket left open', changed('opensOn: [unknown-publication', 'opensOn: [[unknown-publication'), /第 \d+ 行/],
    ['a tab for indentation', changed('steps:\n', 'steps:\n\t'), /第 \d+ 行/],
  ])('%s', (_, text, place) => {
    expect(complaint(text)).toMatch(/不是可读的 YAML，没有生效/)
    expect(complaint(text)).toMatch(place)
  })

  test.each([
    ['an empty file', ''],
    ['a list', '- a\n- b'],
    ['a bare word', 'stolen'],
    ['a file of anchors that unfold without end', 'a: &a [x]\nb: [*a, *a]\n'],
  ])('%s is refused with a reason, not with a crash', (_, text) => {
    expect(complaint(text)).toMatch(/没有生效/)
  })
})

describe('what has the wrong shape is explained with its place, in Chinese', () => {
  test.each([
    ['an unknown word', changed('severityRule:', 'severityrule: x\nseverityRule:'), /severityrule/],
    ['a missing title', changed('title: 账号被盗\n', ''), /title/],
    ['an unknown severity', changed('severity: P1', 'severity: P0'), /severity/],
    ['an unknown signal', changed('opensOn: [unknown-publication', 'opensOn: [strange-thing'), /opensOn\.0/],
    [
      'a duration in words',
      changed('within: 15m, promise', 'within: 十五分钟, promise'),
      /clocks\.0\.within：时长写成 90s、15m、2h 或 7d/,
    ],
    ['an automatic step without effect', changed('    effect: hold-publications\n', ''), /steps\.0：自动步骤要写 effect/],
    [
      'a decision with one answer',
      changed('      - { key: ours, title: 是自己人或客户做的 }\n', ''),
      /steps\.1：判断步骤要有 question 和至少两个 answers/,
    ],
    ['a message step without its message', changed('    message: first\n', ''), /告知步骤要写 message/],
    [
      'a manual step owned by the system',
      changed('    kind: decision\n    owner: duty', '    kind: decision\n    owner: system'),
      /不是自动的步骤要由人负责/,
    ],
    ['a key in capitals', changed('- key: hold\n', '- key: Hold\n'), /steps\.0\.key：小写英文、数字和连字符/],
    ['a condition nobody knows', changed('when: { certainty: single-sign }', 'when: { weather: rain }'), /steps\.1\.when/],
    ['no plan B', changed(/ {2}B:[\s\S]*?needs: spare-account\n/, ''), /plans\.B/],
    ['zero signs', changed('signs: 2', 'signs: 0'), /signs/],
  ])('%s', (_, text, place) => {
    expect(complaint(text)).toMatch(place)
    expect(complaint(text)).toMatch(/playbooks\/stolen\/playbook\.yaml 有 \d+ 处不对，没有生效/)
    expect(complaint(text)).not.toMatch(/Invalid|expected|Unrecognized|required/i)
  })
})

describe('what hangs together wrongly is explained with the step it is about', () => {
  test.each([
    [
      'a step that waits for nothing known',
      changed('after: [snapshot]\n    when: { articles: by-hand }', 'after: [snapshoot]\n    when: { articles: by-hand }'),
      '步骤 remove-by-hand 要等的 snapshoot 不存在',
    ],
    [
      'a step forgotten in one order',
      changed(
        'snapshot, remove-articles, remove-by-hand, restore-menu, check-auto-reply, auto-reply-by-hand, tell-first, administrator, operators, app-secret',
        'snapshot, remove-articles, restore-menu, check-auto-reply, auto-reply-by-hand, tell-first, administrator, operators, app-secret',
      ),
      'order.secret 漏了步骤 remove-by-hand',
    ],
    ['an order with an unknown step', changed('secret: [hold,', 'secret: [hold, dance,'), 'order.secret 里的 dance 不存在'],
    ['an order that names a step twice', changed('secret: [hold,', 'secret: [hold, hold,'), 'order.secret 里 hold 出现了两次'],
    ['two steps of one name', changed('- key: tokens\n', '- key: hold\n'), '步骤 hold 出现了两次'],
    ['a clock that no step meets', changed('meets: [evidence]', 'meets: []'), '时限 evidence 没有任何步骤能满足它'],
    [
      'a step that meets no clock',
      changed('meets: [platform]', 'meets: [telephone]'),
      '步骤 appeal 声称满足时限 telephone，但没有这个时限',
    ],
    [
      'two clocks of one name',
      changed('key: evidence, title: 固定证据', 'key: contain, title: 固定证据'),
      '时限 contain 出现了两次',
    ],
    [
      'a manual step that does not say how',
      changed(/ {4}how:\n {6}- 自动回复没有写入接口.*\n/, ''),
      '人工步骤 auto-reply-by-hand 没有写怎么做（how）',
    ],
    [
      'a claim that does not begin with 已',
      changed('says: 已保存证据', 'says: 证据保存好了'),
      '步骤 evidence 的 says 应以“已”开头',
    ],
    [
      'a claim with a comma that does not begin with 已',
      changed('says: 已保存证据', 'says: 证据好了，放心'),
      '步骤 evidence 的 says 应以“已”开头',
    ],
    [
      'a claim of two parts, which could never be checked against the record',
      changed('says: 已保存证据', 'says: 已保存证据，已交给平台'),
      '步骤 evidence 的 says',
    ],
    [
      'an answer given twice',
      changed('- { key: not-ours, title: 不是，按被盗处理 }', '- { key: ours, title: 不是，按被盗处理 }'),
      '步骤 ask-person 的答案 ours 出现了两次',
    ],
    [
      'a proof asked for twice',
      changed(
        '{ key: authorisations, title: 授权管理截图, kind: picture }',
        '{ key: operators, title: 授权管理截图, kind: picture }',
      ),
      '步骤 operators 的材料 operators 出现了两次',
    ],
    [
      'a step later than the clock it should meet',
      changed('    within: 1m\n    says: 已暂停', '    within: 40m\n    says: 已暂停'),
      '步骤 hold 的时限比它要满足的 contain 还晚',
    ],
  ])('%s', (_, text, expected) => {
    expect(complaint(text)).toContain(expected)
  })

  test('a circle is named by every step in it, a step that waits for itself as well', () => {
    const circle = changed(
      '    after: [hold]\n    when: { certainty: confirmed }\n\n  - key: snapshot',
      '    after: [snapshot]\n    when: { certainty: confirmed }\n\n  - key: snapshot',
    ).replace('within: 2m\n    after: [hold]\n    says: 已把现场留底', 'within: 2m\n    after: [tokens]\n    says: 已把现场留底')
    expect(complaint(circle)).toContain('步骤 tokens 绕了一圈在等自己')
    expect(complaint(circle)).toContain('步骤 snapshot 绕了一圈在等自己')
    expect(complaint(circle)).not.toContain('步骤 hold 绕了一圈')

    expect(complaint(changed('after: [evidence]', 'after: [appeal]'))).toContain('步骤 appeal 绕了一圈在等自己')
  })

  test('all mistakes are told at once, not one after the other', () => {
    const text = changed('meets: [evidence]', 'meets: []').replace('secret: [hold,', 'secret: [hold, dance,')
    expect(complaint(text)).toMatch(/有 2 处不通/)
  })
})
