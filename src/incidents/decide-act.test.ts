import { describe, expect, test } from 'vitest'
import { after, minutes, seconds } from '../platform/time.ts'
import { actSchema } from './acts.ts'
import { release } from './decide-act.ts'
import { aMassSend, aMenuDrift, aPost, aStory, aTheft, mei, type Story, theft, wu, zhou } from './given-story.ts'

const refusal = (outcome: ReturnType<Story['act']>) => (outcome.ok ? '（没有拒绝）' : outcome.reason)
const kinds = (outcome: ReturnType<Story['act']>) => (outcome.ok ? outcome.value.map((f) => f.kind) : outcome.reason)

describe('taking over', () => {
  test('whoever was first has it; the second is told who and may ask for it', () => {
    const story = aTheft()
    expect(story.act({ do: 'acknowledge' }, zhou).ok).toBe(true)

    expect(refusal(story.act({ do: 'acknowledge' }, mei))).toBe('老周 已接手。要换人请让对方交接。')
    expect(refusal(story.act({ do: 'acknowledge' }, zhou))).toBe('你已经接手了。')
    expect(story.state).toMatchObject({ state: 'acknowledged', commander: { name: '老周' } })
  })

  test('when the lease has run out another may take over', () => {
    const story = aTheft()
    story.act({ do: 'acknowledge' }, zhou)
    story.pass(minutes(10))

    expect(story.act({ do: 'acknowledge' }, mei).ok).toBe(true)
    expect(story.state.commander?.name).toBe('Mei')
  })

  test('work renews the lease once less than half is left, other people’s work does not', () => {
    const story = aTheft()
    story.act({ do: 'acknowledge' }, zhou)
    story.pass(minutes(4))
    expect(kinds(story.act({ do: 'note', text: '在打电话' }))).toEqual(['note'])
    story.pass(minutes(2))
    expect(kinds(story.act({ do: 'note', text: '我也在看' }, mei))).toEqual(['note'])

    expect(kinds(story.act({ do: 'note', text: '还在' }))).toEqual(['note', 'lease-renewed'])
    expect(story.state.leaseUntil).toBe(after(story.now, minutes(10)))
  })

  test('whoever has it cannot decline it away and leave nobody', () => {
    const story = aTheft()
    story.act({ do: 'acknowledge' }, zhou)

    expect(refusal(story.act({ do: 'decline' }))).toContain('交接')
    expect(story.act({ do: 'decline' }, mei).ok).toBe(true)
  })

  test('it is handed over by whoever has it, or by a lead; not taken by a third', () => {
    const story = aTheft()
    story.act({ do: 'acknowledge' }, zhou)
    const to = { do: 'hand-over' as const, to: 'Mei', now: '删文章', next: '改密码', mind: '管理员在外地' }

    expect(refusal(story.act(to, mei))).toContain('老周 正在负责')
    expect(story.act({ ...to, to: 'nobody' }).ok).toBe(false)
    expect(story.act(to, wu).ok).toBe(true)
    expect(story.state.commander?.name).toBe('Mei')
  })

  test('an incident controlled by machine before anyone came is controlled when somebody takes over', () => {
    const story = aTheft().machineFinishes()
    expect(story.state.state).toBe('open')

    story.act({ do: 'acknowledge' })

    expect(story.state.state).toBe('contained')
  })
})

describe('completing a step', () => {
  test('names every missing proof, and takes it when all are there', () => {
    const story = aTheft()
    expect(refusal(story.act({ do: 'complete', step: 'operators' }))).toContain('还缺 2 样：运营者列表截图、授权管理截图')

    story.prove('operators')

    expect(story.act({ do: 'complete', step: 'operators' }).ok).toBe(true)
    expect(story.step('operators')).toMatchObject({ state: 'done', doneBy: '老周' })
  })

  test('a proof of another step does not count', () => {
    const story = aTheft().prove('operators')
    expect(story.act({ do: 'complete', step: 'app-secret' }).ok).toBe(false)
  })

  test('a number is a proof only when it was given', () => {
    const story = aTheft().machineFinishes()
    expect(story.act({ do: 'complete', step: 'appeal' }).ok).toBe(false)
    expect(story.act({ do: 'complete', step: 'appeal', receipt: '2026112200017' }).ok).toBe(true)
    expect(story.clock('platform').metAt).toBe(story.now)
  })

  test('is refused when it is done already, when the machine is at it, and for what must be said to the client', () => {
    const story = aTheft()
    expect(refusal(story.act({ do: 'complete', step: 'hold' }))).toContain('已由 系统 完成')
    expect(refusal(story.act({ do: 'complete', step: 'snapshot' }))).toContain('系统正在做这一步')
    expect(refusal(story.act({ do: 'complete', step: 'tell-first' }))).toContain('发给客户')
    expect(refusal(story.act({ do: 'complete', step: 'nothing' }))).toBe('没有找到这一步。')
  })

  test('articles deleted by hand stay deleted, and the step stays done and may be told', () => {
    const story = aStory({ signals: [aMassSend('7'), aMenuDrift()] }).machineFinishes()
    expect(story.step('remove-by-hand').state).toBe('ready')
    story.prove('remove-by-hand')

    expect(story.act({ do: 'complete', step: 'remove-by-hand' }).ok).toBe(true)

    expect(story.step('remove-by-hand')).toMatchObject({ state: 'done', doneBy: '老周' })
    expect(story.state.articles).toMatchObject([{ key: 'mass:7', removedBy: 'hand' }])
    expect(story.message('first').text).toContain('已在后台删除剩余的异常文章')
    expect(story.state.containedAt).toBe(story.now)
  })

  test('what the machine could not remove is asked of a person with the reason', () => {
    const story = aTheft()
    story.machineDid('snapshot')
    story.say({ kind: 'step-by-hand', step: 'remove-articles', problem: '自动没有做成（平台拒绝），请在后台处理' })
    expect(story.step('remove-articles')).toMatchObject({ state: 'by-hand', problem: expect.stringContaining('平台拒绝') })

    expect(story.act({ do: 'complete', step: 'remove-articles' }).ok).toBe(true)

    expect(story.state.articles[0]).toMatchObject({ removedBy: 'hand' })
    expect(story.step('remove-articles').state).toBe('done')
  })

  test('a question is answered with one of its answers', () => {
    const story = aStory()
    expect(refusal(story.act({ do: 'complete', step: 'ask-person' }))).toBe('请先选一个答案。')
    expect(story.act({ do: 'complete', step: 'ask-person', answer: 'maybe' }).ok).toBe(false)

    story.act({ do: 'complete', step: 'ask-person', answer: 'not-ours' })

    expect(story.state.certainty).toBe('confirmed')
    expect(story.step('administrator').state).toBe('ready')
  })
})

describe('“it was one of us”', () => {
  test('lifts our holds, explains the articles and closes as a false alarm', () => {
    const story = aStory()
    story.act({ do: 'complete', step: 'ask-person', answer: 'ours' })

    expect(story.state).toMatchObject({ certainty: 'false-alarm', state: 'reviewed', holds: [{ liftedAt: story.now }] })
    expect(story.state.articles[0]).toMatchObject({ explained: '自己人或客户' })
  })

  test('does not lift what the client stopped', () => {
    const story = aStory().say({ kind: 'hold-placed', holdId: 'clients', publications: 3, byClient: true })
    story.act({ do: 'complete', step: 'ask-person', answer: 'ours' })

    expect(story.state.holds.find((h) => h.id === 'clients')?.liftedAt).toBeUndefined()
  })

  test('calls back a word about it that has not left yet', () => {
    const story = aStory()
    story.act({ do: 'send', messageId: story.message('first').id })
    story.act({ do: 'complete', step: 'ask-person', answer: 'ours' })

    expect(story.message('first').state).toBe('draft')
    expect(story.state.state).toBe('reviewed')
  })

  test('closes once the client who had heard of it was told, and not before', () => {
    const story = aStory()
    const first = story.message('first')
    story.act({ do: 'send', messageId: first.id })
    story.pass(minutes(1)).say({ kind: 'message-sent', messageId: first.id, message: 'first', way: 'sms' })
    story.act({ do: 'complete', step: 'ask-person', answer: 'ours' })
    expect(story.state.state).toBe('restored')

    const word = story.message('restored')
    story.act({ do: 'send', messageId: word.id })
    story.pass(minutes(1)).say({ kind: 'message-sent', messageId: word.id, message: 'restored', way: 'sms' })

    expect(story.state.state).toBe('reviewed')
  })

  test('can be taken back: opened again the question is asked again, somebody has it, and a second sign counts', () => {
    const story = aStory()
    story.act({ do: 'complete', step: 'ask-person', answer: 'ours' })

    expect(story.act({ do: 'reopen', reason: '客户说不是他们发的' }, wu).ok).toBe(true)

    expect(story.state).toMatchObject({
      state: 'acknowledged',
      certainty: 'single-sign',
      commander: { name: '吴桐' },
      leaseUntil: after(story.now, minutes(10)),
    })
    expect(story.step('ask-person').state).toBe('ready')
    story.act({ do: 'complete', step: 'ask-person', answer: 'not-ours' }, wu)
    expect(story.state.certainty).toBe('confirmed')
  })
})

describe('the special-handling zone', () => {
  test('skipping, moving and adding ask for a reason of six characters and a name', () => {
    const exception = { do: 'skip', step: 'appeal', reason: '不用', agreedBy: '吴桐' }
    expect(actSchema.safeParse(exception).success).toBe(false)
    expect(actSchema.safeParse({ ...exception, reason: '客户自己去联系平台' }).success).toBe(true)
    expect(actSchema.safeParse({ ...exception, reason: '客户自己去联系平台', agreedBy: ' ' }).success).toBe(false)
  })

  test('counts each exception and keeps who agreed', () => {
    const story = aTheft()
    story.act({ do: 'skip', step: 'authorities', reason: '没有涉及个人信息', agreedBy: '吴桐' })
    story.act({ do: 'move', step: 'app-secret', before: 'administrator', reason: '密钥已经泄露在群里', agreedBy: '吴桐' })
    story.act({ do: 'add', title: '通知代运营的商城', owner: 'duty', minutes: 15, reason: '商城也用这个账号', agreedBy: '吴桐' })

    expect(story.state.exceptions).toBe(3)
    expect(story.step('authorities')).toMatchObject({ state: 'skipped', reason: '没有涉及个人信息（同意人：吴桐）' })
    const order = story.state.steps.map((s) => s.key)
    expect(order.indexOf('app-secret')).toBe(order.indexOf('administrator') - 1)
    expect(story.step('added-1')).toMatchObject({ state: 'by-hand', dueAt: after(story.now, minutes(15)) })
  })

  test('an added step is completed like any other', () => {
    const story = aTheft()
    story.act({ do: 'add', title: '通知商城', owner: 'duty', minutes: 15, reason: '商城也用这个账号', agreedBy: '吴桐' })
    expect(story.act({ do: 'complete', step: 'added-1' }).ok).toBe(true)
    expect(story.step('added-1').state).toBe('done')
  })

  test('refuses what is over, under way or unknown', () => {
    const story = aTheft()
    const why = { reason: '没有必要再做了', agreedBy: '吴桐' }
    expect(refusal(story.act({ do: 'skip', step: 'hold', ...why }))).toBe('这一步已经结束。')
    expect(refusal(story.act({ do: 'skip', step: 'snapshot', ...why }))).toContain('系统正在做')
    expect(refusal(story.act({ do: 'move', step: 'appeal', before: 'nothing', ...why }))).toContain('没有找到')
  })

  test('“cannot” turns a step over with its problem and writes it down', () => {
    const story = aTheft()
    expect(kinds(story.act({ do: 'cannot', step: 'administrator', reason: '管理员手机关机了' }))).toEqual([
      'step-by-hand',
      'note',
    ])
    expect(story.step('administrator')).toMatchObject({ state: 'by-hand', problem: '管理员手机关机了' })
  })
})

describe('sending to the client', () => {
  test('nothing leaves for five seconds, and until then it can be called back', () => {
    const story = aTheft()
    const { id } = story.message('first')
    expect(story.act({ do: 'send', messageId: id }).ok).toBe(true)
    expect(story.message('first')).toMatchObject({ state: 'sending', leavesAt: after(story.now, seconds(5)) })
    expect(refusal(story.act({ do: 'send', messageId: id }))).toContain('已经在发')

    story.pass(seconds(4))
    expect(story.act({ do: 'call-back', messageId: id }).ok).toBe(true)

    expect(story.message('first').state).toBe('draft')
  })

  test('after five seconds it cannot be called back', () => {
    const story = aTheft()
    story.act({ do: 'send', messageId: story.message('first').id })
    story.pass(seconds(5))

    expect(refusal(story.act({ do: 'call-back', messageId: story.message('first').id }))).toContain('撤不回来')
  })

  test('what was called back at the automatic minute does not go by itself in the same breath', () => {
    const story = aTheft().pass(minutes(12) - seconds(2))
    story.act({ do: 'send', messageId: story.message('first').id })
    story.pass(seconds(3))

    story.act({ do: 'call-back', messageId: story.message('first').id })

    expect(story.message('first').autoAt).toBe(after(story.now, minutes(2)))
  })

  test('a false claim is not sent, and the refusal names it', () => {
    const story = aTheft()
    const sent = story.act({ do: 'send', messageId: story.message('first').id, text: '已删除全部异常文章。03:32 前再告诉您。' })

    expect(refusal(sent)).toMatch(/没有发出：“已删除全部异常文章”没有记录支持/)
    expect(story.message('first').state).toBe('draft')
  })

  test('an automatic word passes the same check', () => {
    const story = aTheft()
    const m = story.message('first')
    expect(release(story.state, m, '已解决全部问题。', story.now, true).ok).toBe(false)
    expect(release(story.state, m, m.text, story.now, true)).toMatchObject({
      ok: true,
      value: [{ automatic: true, leavesAt: story.now }],
    })
  })

  test('after every way failed a person may send again, and it leaves again', () => {
    const story = aTheft()
    const { id } = story.message('first')
    story.act({ do: 'send', messageId: id })
    story
      .pass(seconds(6))
      .say(
        { kind: 'message-way', messageId: id, message: 'first', way: 'sms', result: 'refused' },
        { kind: 'message-failed', messageId: id, message: 'first', reason: '所有方式都没有成功' },
      )

    expect(story.act({ do: 'send', messageId: id }).ok).toBe(true)

    expect(story.message('first')).toMatchObject({ state: 'sending', ways: [], leavesAt: after(story.now, seconds(5)) })
  })

  test('“sent by hand” is taken for what was released, once', () => {
    const story = aTheft()
    const { id } = story.message('first')
    expect(refusal(story.act({ do: 'sent-by-hand', messageId: id }))).toContain('还没有确认内容')
    story.act({ do: 'send', messageId: id })
    expect(story.act({ do: 'sent-by-hand', messageId: id }).ok).toBe(true)
    expect(refusal(story.act({ do: 'sent-by-hand', messageId: id }))).toContain('已经记过')
    expect(story.clock('first-word').metAt).toBe(story.now)
    expect(story.state.nextUpdateAt).toBe(story.message('first').nextUpdateAt)
  })

  test('putting off needs an automatic minute, and is written down', () => {
    const story = aTheft()
    expect(story.act({ do: 'postpone', messageId: story.message('plans').id, minutes: 2, reason: '正在和客户通话' }).ok).toBe(
      false,
    )
    story.act({ do: 'postpone', messageId: story.message('first').id, minutes: 2, reason: '正在和客户通话' })
    expect(story.message('first').autoAt).toBe('2026-11-21T19:16:00.000Z')
    expect(story.last('note')?.fact).toMatchObject({ text: '自动发送推迟 2 分钟：正在和客户通话' })
  })

  test('two plans sent late leave the client the whole agreed time to choose', () => {
    const story = aTheft()
    const plans = story.message('plans')
    story.act({ do: 'send', messageId: plans.id })
    story.pass(minutes(18)).say({ kind: 'message-sent', messageId: plans.id, message: 'plans', way: 'account-manager' })

    expect(story.message('plans').chooseUntil).toBe(after(story.now, minutes(20)))
  })
})

describe('ending', () => {
  const resolve = { do: 'resolve' as const, cause: '管理员手机丢失', followUps: [] }
  const through = (story: Story) => {
    story.machineFinishes()
    for (const kind of ['first', 'plans'] as const) {
      story.act({ do: 'send', messageId: story.message(kind).id })
      story.pass(seconds(6)).say({ kind: 'message-sent', messageId: story.message(kind).id, message: kind, way: 'sms' })
    }
    for (const key of ['administrator', 'operators', 'app-secret', 'prove-control']) {
      story.prove(key)
      story.act({ do: 'complete', step: key })
    }
    story.act({ do: 'complete', step: 'appeal', receipt: '0017' })
    story.act({ do: 'complete', step: 'authorities', answer: 'not-needed' })
    return story
  }

  test('with everything done it is restored, the second sweep runs, and it is watched once the client knows', () => {
    const story = through(aTheft())
    expect(kinds(story.act(resolve, wu))).toEqual(['restored'])
    expect(story.step('sweep').state).toBe('running')

    story.act({ do: 'draft', message: 'restored' })
    story.act({ do: 'send', messageId: story.message('restored').id })
    story.pass(seconds(6)).say({ kind: 'message-sent', messageId: story.message('restored').id, message: 'restored', way: 'sms' })

    expect(story.state.state).toBe('watching')
    expect(refusal(story.act(resolve, wu))).toContain('已经是')
    expect(story.act({ do: 'review' }, wu).ok).toBe(true)
    expect(story.state.closedAt).toBe(story.now)
  })

  test('an open step stands in the way and is named', () => {
    expect(refusal(aTheft().machineFinishes().act(resolve, wu))).toMatch(/还有没做完的步骤：首次告知客户/)
  })

  test('a removal under way stands in the way', () => {
    const story = through(aTheft()).say(aPost('late'))
    expect(story.step('remove-articles').state).toBe('running')
    expect(refusal(story.act(resolve, wu))).toContain('系统还在做：撤下接口能删的陌生文章')
  })

  test('a step that still waits for another stands in the way too', () => {
    const story = aTheft()
    story.machineDid('snapshot')
    for (const { key, state } of story.state.steps)
      if (state === 'ready' && key !== 'sweep') story.act({ do: 'skip', step: key, reason: '演练里不需要做', agreedBy: '吴桐' })
    expect(story.step('appeal').state).toBe('waiting')

    expect(story.act(resolve, wu).ok).toBe(false)
  })

  test('a missed promise asks for its reason first', () => {
    const story = through(aTheft()).say({ kind: 'clock-missed', clock: 'contain' })
    expect(refusal(story.act(resolve, wu))).toContain('控制账号')
    story.act({ do: 'explain-miss', clock: 'contain', reason: '平台接口十分钟没有响应' }, wu)
    expect(story.act(resolve, wu).ok).toBe(true)
  })

  test('a closed incident takes only notes, exports and being opened again', () => {
    const story = through(aTheft())
    story.act(resolve, wu)
    story.act({ do: 'review' }, wu)

    expect(refusal(story.act({ do: 'acknowledge' }))).toContain('重新打开')
    expect(refusal(story.act({ do: 'severity', severity: 'P2', reason: '看起来没那么严重' }, wu))).toContain('重新打开')
    expect(story.act({ do: 'note', text: '补记一条' }).ok).toBe(true)
    expect(story.act({ do: 'export' }).ok).toBe(true)
    expect(story.act({ do: 'reopen', reason: '又出现陌生文章' }, wu).ok).toBe(true)
    expect(story.state).toMatchObject({ state: 'acknowledged', certainty: 'confirmed' })
    expect(story.state.closedAt).toBeUndefined()
  })

  test('what is still open is not opened again, and only what is restored is reviewed', () => {
    expect(aTheft().act({ do: 'reopen', reason: '再来一遍看看' }, wu).ok).toBe(false)
    expect(aTheft().act({ do: 'review' }, wu).ok).toBe(false)
  })
})

test('an article is explained with whose it is, and then nobody has to remove it', () => {
  const story = aStory({ signals: [aMassSend('1'), aMenuDrift()] }).machineFinishes()
  expect(story.act({ do: 'explain-article', article: 'mass:0', whose: '市场部' }, wu).ok).toBe(false)

  story.act({ do: 'explain-article', article: 'mass:1', whose: '市场部' }, wu)

  expect(story.step('remove-by-hand').state).toBe('not-needed')
})

test('a hold is lifted once', () => {
  const story = aTheft()
  expect(story.act({ do: 'lift-hold', hold: 'hold-1' }, wu).ok).toBe(true)
  expect(refusal(story.act({ do: 'lift-hold', hold: 'hold-1' }, wu))).toBe('这个暂停已经解除。')
})

test('every export is a new one with a key of its own, never two at once', () => {
  const story = aTheft()
  story.machineDid('snapshot')
  expect(story.act({ do: 'export' }).ok).toBe(false)
  story.say({ kind: 'evidence-exported', packHash: 'a', items: 1 }).machineDid('evidence')
  const rounds = new Set(
    story.entries.flatMap(({ fact }) => (fact.kind === 'step-started' && fact.step === 'evidence' ? [fact.round] : [])),
  )

  const again = story.act({ do: 'export' })

  expect(again).toMatchObject({ ok: true, value: [{ kind: 'step-started', step: 'evidence' }] })
  const { fact } = story.last('step-started')!
  expect(fact.kind === 'step-started' && rounds.has(fact.round)).toBe(false)
})

test('every step of the plan can be brought to an end by a person when the machine cannot', () => {
  const story = aStory({ opening: { removal: 'agreed' }, signals: [aPost(), aMassSend(), aMenuDrift()] })
  for (let turn = 0; turn < 60; turn++) {
    const running = story.state.steps.find((s) => s.state === 'running')
    const open = running ?? story.state.steps.find((s) => s.state === 'by-hand' || (s.state === 'ready' && s.key !== 'sweep'))
    if (!open) break
    const plan = theft.steps.find((s) => s.key === open.key)!
    if (open.state === 'running') story.say({ kind: 'step-by-hand', step: open.key, problem: '自动没有做成' })
    else if (plan.kind === 'message') {
      const kind = plan.message as 'first'
      if (!story.message(kind)) story.act({ do: 'draft', message: 'restored' })
      expect(story.act({ do: 'send', messageId: story.message(kind).id })).toMatchObject({ ok: true })
      story.act({ do: 'sent-by-hand', messageId: story.message(kind).id })
    } else {
      story.prove(open.key)
      expect(
        story.act({
          do: 'complete',
          step: open.key,
          receipt: '0017',
          ...(plan.answers[0] ? { answer: plan.answers.at(-1)!.key } : {}),
        }),
      ).toMatchObject({ ok: true })
    }
  }

  expect(story.act({ do: 'resolve', cause: '全部人工处理', followUps: [] }, wu)).toMatchObject({ ok: true })
  expect(story.state.containedAt).toBeDefined()
})
