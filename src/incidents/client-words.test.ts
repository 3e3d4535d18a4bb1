import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { after, type Instant, instant, minutes } from '../platform/time.ts'
import { claimsIn } from './claims.ts'
import { bannedWords, checkClientText, composeFirst, composeProgress, composeRestored, gradeOf } from './client-words.ts'
import {
  aMassSend,
  aMenuDrift,
  anAutoReplyDrift,
  aPost,
  aStory,
  aTheft,
  type Story,
  theft,
  threeInTheMorning,
} from './given-story.ts'
import type { Fact } from './timeline.ts'

const next = instant('2026-11-21T19:32:00Z')
const blocks = (text: string, story: Story = aTheft()) =>
  checkClientText(`${text}。03:32 前再告诉您进展。`, story.state, next, story.now)
    .filter((f) => f.level === 'block')
    .map((f) => f.text)
/** Three posts removed by machine, the menu put back, evidence kept. */
const cleaned = () => aStory({ signals: [aPost('1'), aPost('2'), aMenuDrift()] }).machineFinishes()

test('a single sign says 正在核实 and nothing of a theft, and asks nothing of the client', () => {
  const story = aStory({ signals: [aPost()] })

  const { text } = composeFirst(story.state, '王总', next, story.now)

  expect(text).toBe(
    '王总，03:02 发现公众号有一处改动不是我们安排的，正在核实。已暂停全部待发内容。03:32 前告诉您核实结果，您暂时不用操作。',
  )
  expect(text).not.toMatch(/盗|入侵|黑客|删除/)
})

test('once certain it says what happened, what is done, what goes on and when the next word comes', () => {
  const story = cleaned()

  const { text, facts } = composeFirst(story.state, '王总', next, story.now)

  expect(text).toBe(
    '王总，03:02 发现公众号出现了不是我们安排的内容。已暂停全部待发内容，已把现场留底，已删除 2 篇异常文章，已恢复公众号菜单。正在继续清查账号并保存证据。03:32 前给您两个处理办法，您暂时不用操作。',
  )
  for (const seq of facts) expect(story.entries[seq - 1]?.seq).toBe(seq)
})

test('a next word on another day names the day', () => {
  const story = aTheft()

  expect(composeProgress(story.state, '王总', instant('2026-11-22T19:00:00Z'), story.now).text).toContain('11月23日 03:00 前')
})

describe('every “已…” needs a record', () => {
  test.each([
    '已删除全部异常文章',
    '已删除 3 篇异常文章',
    '已删除三篇异常文章',
    '已删除十二篇异常文章',
    '已经找到入侵的人',
    '公众号已恢复',
    '公众号已恢复正常',
    '账号已恢复',
    '您的公众号已恢复正常',
    '您放心已全部处理',
    '已暂停全部待发内容并已更换账号的开发密钥',
    '已暂停全部待发内容、已更换账号的开发密钥',
    '已暂停全部待发内容和所有其他账号',
    '已联系平台并提交说明',
    '如约已冻结账号',
    '账号已控制住',
    '全部处理完毕',
    '我们更换了开发密钥',
    '密码修改完成',
    '3 篇异常文章已删除',
  ])('“%s” is stopped when nothing shows it', (claim) => {
    expect(blocks(claim, cleaned())).toEqual([expect.stringMatching(/没有记录支持，不能发/)])
  })

  test.each([
    '已删除 2 篇异常文章',
    '已删除两篇异常文章',
    '我们已删除 2 篇异常文章',
    '我们删除了 2 篇异常文章',
    '已经暂停全部待发内容',
    '目前已暂停全部待发',
    '已恢复公众号菜单',
    '已恢复菜单',
    '已把现场留底，已保存证据',
    '您已选择方案 A',
    '如果已收到陌生短信请不要点',
    '正在继续清查账号',
    '恢复完整菜单后告诉您',
    '还没有处理完',
  ])('“%s” may be said', (claim) => {
    expect(blocks(claim, cleaned())).toEqual([])
  })

  test('what was done and is needed again may no longer be said', () => {
    const story = cleaned()
    expect(blocks('已恢复公众号菜单', story)).toEqual([])

    story.say(aMenuDrift())

    expect(blocks('已恢复公众号菜单', story)).toHaveLength(1)
  })

  test('a draft that says “已恢复正常” is no record of it; control proven is', () => {
    const story = cleaned()
    story.act({ do: 'draft', message: 'restored' })
    expect(story.act({ do: 'send', messageId: story.message('restored').id })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('已恢复正常'),
    })

    story.prove('prove-control')
    story.act({ do: 'complete', step: 'prove-control' })
    story.act({ do: 'draft', message: 'restored' })

    expect(story.act({ do: 'send', messageId: story.message('restored').id }).ok).toBe(true)
  })

  test('whatever happens, what we compose ourselves passes our own check', () => {
    const happening = fc.constantFrom<Fact>(
      aPost('1'),
      aPost('2'),
      aPost('3'),
      aMassSend('4'),
      aMenuDrift(),
      anAutoReplyDrift(),
      { kind: 'article-removed', key: 'article:1', title: '1', how: 'machine' },
      { kind: 'article-removed', key: 'mass:4', title: '4', how: 'hand' },
      { kind: 'article-explained', key: 'article:2', whose: '客户' },
      { kind: 'menu-restored', degraded: [] },
      { kind: 'plan-chosen', plan: 'B', who: '客户', revision: 1, byDefault: false },
      ...theft.steps.filter((s) => s.kind !== 'decision').map((s): Fact => ({ kind: 'step-done', step: s.key })),
    )
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 12 }), (facts) => {
        const story = aStory()
        story.say(...facts)
        const soon = after(story.now, minutes(20))
        for (const draft of [
          composeFirst(story.state, '王总', soon, story.now),
          composeProgress(story.state, '王总', soon, story.now),
        ])
          expect(checkClientText(draft.text, story.state, draft.nextUpdateAt, story.now)).toEqual([])
      }),
      { seed: 2601, numRuns: 25 },
    )
  })
})

describe('words a client never reads', () => {
  const samples = bannedWords.map(([word]) =>
    word.source
      .replaceAll('\\b', '')
      .replace(/^50.*/, '503')
      .replace('P[1-4]', 'P1')
      .replace('(?:代码|SQL ?)', 'SQL ')
      .replace(/\(\?<?!.*?\)/g, ''),
  )
  test('the list has at least forty, each with what to say instead', () => {
    expect(bannedWords.length).toBeGreaterThanOrEqual(40)
    for (const [, instead] of bannedWords) expect(instead.length).toBeGreaterThan(1)
  })

  test.each(samples)('“%s” stops the message wherever it stands', (word) => {
    expect(blocks(`我们发现${word}有情况`)).toEqual([expect.stringContaining('客户看不懂')])
    expect(blocks(word)).not.toEqual([])
  })

  test.each(['ＡＰＩ 出了问题', 'api 出了问题', 'Ip 变了', 'sla 里写了', '返回５０３'])(
    '“%s” is found in any spelling',
    (text) => {
      expect(blocks(text)).toEqual([expect.stringContaining('客户看不懂')])
    },
  )
})

test.each(['90%', '90 %', '９０％', '99.9%', '百分之九十', '九成把握'])('“%s 能恢复” is stopped: nobody invents odds', (odds) => {
  expect(blocks(`${odds}能恢复`)).toEqual(['百分比没有依据，不能写给客户。'])
})

test('an exclamation mark warns and does not stop', () => {
  const story = aTheft()
  expect(checkClientText('请放心！03:32 前再告诉您。', story.state, next, story.now).map((f) => f.level)).toEqual(['warn'])
})

describe('a next time', () => {
  const story = aTheft()
  const check = (text: string, at: Instant | undefined) => checkClientText(text, story.state, at, story.now)

  test('must be set, lie ahead, and stand in the text', () => {
    expect(check('03:32 前再告诉您。', next)).toEqual([])
    expect(check('03:32 前再告诉您。', undefined)).toMatchObject([{ level: 'block' }])
    expect(check('03:02 前再告诉您。', story.now)).toMatchObject([{ level: 'block', text: expect.stringContaining('已经过去') }])
    expect(check('稍后再告诉您。', next)).toMatchObject([{ level: 'block', text: expect.stringContaining('03:32') }])
  })

  test('does not save an empty text', () => {
    expect(check('  \n ', next).map((f) => f.text)).toContainEqual(expect.stringContaining('内容是空的'))
  })
})

test('too few cases are called too few; a grade carries its sample and never a percentage', () => {
  expect(gradeOf({ cases: 4, worked: 4 })).toBe('案例不足，以平台审核为准')
  expect(gradeOf({ cases: 5, worked: 4 })).toBe('把握较大，同类 5 次成 4 次')
  expect(gradeOf({ cases: 10, worked: 5 })).toBe('把握中等，同类 10 次成 5 次')
  expect(gradeOf({ cases: 10, worked: 1 })).toBe('不确定，同类 10 次成 1 次')
})

test('without a spare account plan B asks for one instead of promising it', () => {
  expect(aTheft().message('plans').plans?.B.asks).toBe('提供一个可用的备用号')
  expect(aTheft({ hasSpare: true }).message('plans').plans?.B.asks).toBe('确认备用号可用')
})

test('with a choice taken by default the progress does not say that the client chose', () => {
  const story = cleaned().say({ kind: 'plan-chosen', plan: 'A', who: '（到时未回复）', revision: 1, byDefault: true })

  const { text } = composeProgress(story.state, '王总', next, story.now)

  expect(text).not.toContain('您选的方案')
  expect(text).toContain('先按方案 A 进行')
})

test('the word that it is restored names a moment for the review', () => {
  const story = aTheft()
  expect(composeRestored(story.state, '王总', after(threeInTheMorning, minutes(24 * 60)), story.now).text).toContain(
    '11月23日 03:02 前给您复盘结果',
  )
})

test('a time with a colon is not torn into claims', () => {
  expect(claimsIn('03:02 发现异常')).toEqual([])
})
