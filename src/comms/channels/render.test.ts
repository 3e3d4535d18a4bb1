import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aNotice, pressable } from './given-providers.ts'
import {
  byteLength,
  cutToBytes,
  fillTemplate,
  fitSms,
  fitSpoken,
  missingValues,
  renderDingtalk,
  renderEmail,
  renderFeishuCard,
  renderWecomCard,
  renderWecomMarkdown,
  smsLength,
  splitFact,
} from './render.ts'

describe('cutting', () => {
  test('what fits stays as it is; what does not ends in …', () => {
    expect(cutToBytes('青禾教育', 12)).toBe('青禾教育')
    expect(cutToBytes('青禾教育', 11)).toBe('青禾…')
    expect(cutToBytes('青禾教育', 2)).toBe('')
  })

  test('never inside a character, not even one made of several', () => {
    expect(cutToBytes('家👨‍👩‍👧家庭', 23)).toBe('家…')
    expect(cutToBytes('👍🏽👍🏽', 12)).toBe('👍🏽…')
  })

  test('whatever the text, the limit holds and no half character is left', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 0, max: 80 }), (text, limit) => {
        const cut = cutToBytes(text, limit)

        expect(byteLength(cut)).toBeLessThanOrEqual(limit)
        expect(cut).not.toContain('\uFFFD')
        if (byteLength(text) <= limit) expect(cut).toBe(text)
        else expect(text.startsWith(cut.replace(/…$/, ''))).toBe(true)
      }),
    )
  })
})

test('WeCom: level in colour, lines quoted, one link', () => {
  expect(renderWecomMarkdown(aNotice(), 4096)).toBe(
    [
      '**<font color="warning">P1</font> 账号被盗 · 青禾教育**',
      '> 现在做：三重验证',
      '> 告知客户：03:17 前（剩 13 分）',
      '> 负责人：等待接手，03:08 转给 吴桐',
      '[我来接手](https://dx.example/m/i/2611?k=a7K2Qm)',
    ].join('\n'),
  )
})

test('a quiet level has a quiet colour, and a drill is still seen to be one', () => {
  expect(renderWecomMarkdown(aNotice({ title: 'P4 到期提醒' }), 4096)).toContain('<font color="info">P4</font>')
  expect(renderWecomMarkdown(aNotice({ title: '【演练】P1 账号被盗' }), 4096)).toContain('【演练】')
})

test.each([4096, 2048])('WeCom: at most %i bytes, and the link is never what is cut', (limit) => {
  const notice = aNotice({ title: '标题'.repeat(900), lines: Array.from({ length: 50 }, () => '很长的一行'.repeat(30)) })
  const text = renderWecomMarkdown(notice, limit)

  expect(byteLength(text)).toBeLessThanOrEqual(limit)
  expect(text.endsWith('[我来接手](https://dx.example/m/i/2611?k=a7K2Qm)')).toBe(true)
})

test('words of ours cannot forge a link or a colour', () => {
  const text = renderWecomMarkdown(
    aNotice({ title: 'P1 [点我](https://evil.example)', lines: ['<font color="info">没事</font>'] }),
    4096,
  )

  expect(text.match(/\]\(/g)).toHaveLength(1)
  expect(text.match(/<font/g)).toHaveLength(1)
  expect(renderDingtalk(aNotice({ title: '[点我](https://evil.example)' })).text).not.toMatch(/\]\(/)
})

test('a card of WeCom carries its facts, at most six, and its buttons', () => {
  const card = renderWecomCard(aNotice({ lines: Array.from({ length: 9 }, (_, n) => `第${n}：值`), buttons: pressable }), 'task1')

  expect(card).toMatchObject({
    card_type: 'button_interaction',
    task_id: 'task1',
    button_list: [
      { text: '我来接手', key: 'acknowledge' },
      { text: '转给后备', key: 'hand-over' },
    ],
  })
  expect(card.horizontal_content_list).toHaveLength(6)
})

test('DingTalk: the title says by when, since the list shows only the title', () => {
  expect(renderDingtalk(aNotice())).toEqual({
    title: 'P1 账号被盗 · 青禾教育，03:17 前告知客户',
    text: '### P1 账号被盗 · 青禾教育 \n - 现在做：三重验证 \n - 告知客户：03:17 前（剩 13 分） \n - 负责人：等待接手，03:08 转给 吴桐',
  })
})

test('DingTalk: the keyword stands in every message exactly once', () => {
  expect(renderDingtalk(aNotice({ title: '已恢复' }), '定心丸').text).toMatch(/^### 定心丸 已恢复/)
  expect(renderDingtalk(aNotice({ title: '定心丸 已恢复' }), '定心丸').text).toMatch(/^### 定心丸 已恢复/)
})

test('Feishu: red head, named fields, buttons and the link', () => {
  const card = renderFeishuCard(aNotice({ buttons: pressable }), true, 'ref1')

  expect(card).toMatchObject({
    header: { template: 'red', title: { content: 'P1 账号被盗 · 青禾教育' } },
    elements: [
      { fields: [{ text: { content: '**现在做**：三重验证' } }, {}, {}] },
      {
        actions: [
          { value: { key: 'acknowledge', task: 'ref1' } },
          { value: { key: 'hand-over', task: 'ref1' } },
          { url: 'https://dx.example/m/i/2611?k=a7K2Qm' },
        ],
      },
    ],
  })
})

test("Feishu: a card stays below the robot's 20 KB however much there is to say", () => {
  const card = renderFeishuCard(
    aNotice({ title: '长'.repeat(5000), lines: Array.from({ length: 100 }, () => '长'.repeat(5000)) }),
    false,
    'r',
  )

  expect(byteLength(JSON.stringify({ card }))).toBeLessThanOrEqual(20 * 1024)
})

test('a fact is a short name before a colon; a sentence is not', () => {
  expect(splitFact('现在做：三重验证')).toEqual({ name: '现在做', value: '三重验证' })
  expect(splitFact('我们已经暂停了所有等待推送的文章：共三篇')).toEqual({
    name: '',
    value: '我们已经暂停了所有等待推送的文章：共三篇',
  })
})

describe('SMS', () => {
  const template = '{level} {client}{what}，{by}须告知客户。接手：dxw.cn/{code}'
  const values = { level: 'P1', client: '青禾教育', what: '账号被盗', by: '03:17前', code: 'a7K2Qm' }

  test('what fits is not touched', () => {
    expect(fitSms('云帆托管', template, values)).toEqual({
      values,
      text: '【云帆托管】P1 青禾教育账号被盗，03:17前须告知客户。接手：dxw.cn/a7K2Qm',
    })
  })

  test('the longest wording gives way; times and codes stay whole', () => {
    const long = { ...values, client: '江苏省青禾教育科技发展有限责任公司南京分公司', what: '账号被盗并发布了违规文章' }
    const fitted = fitSms('云帆托管', template, long)

    expect(smsLength(fitted.text)).toBe(70)
    expect(fitted.values).toMatchObject({ level: 'P1', by: '03:17前', code: 'a7K2Qm' })
    expect(fitted.values.client).toMatch(/^江苏省青禾.*…$/)
  })

  test('whatever the names, one part of 70 characters is kept as long as there are words to shorten', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[一-龥]{0,80}$/), fc.stringMatching(/^[一-龥]{0,80}$/), (client, what) => {
        const { text } = fitSms('云帆托管', template, { ...values, client, what })

        expect(smsLength(text)).toBeLessThanOrEqual(70)
        expect(text.endsWith('dxw.cn/a7K2Qm')).toBe(true)
      }),
    )
  })

  test('both spellings of a placeholder are filled, and a missing one is noticed', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the provider's spelling
    expect(fillTemplate('${a}和{b}', { a: '1', b: '2' })).toBe('1和2')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the provider's spelling
    expect(missingValues('${a}和{b}', { a: '1' })).toEqual(['b'])
  })
})

test('a call is shortened to what somebody just woken will hear out; the time stays', () => {
  const template = '定心丸通知：{level}事件，{client}，{what}。{by}前要告知客户。接手请按 1，转给后备请按 2。'
  const { text, values } = fitSpoken(template, {
    level: '一级',
    client: '江苏省青禾教育科技发展有限责任公司南京分公司',
    what: '账号被盗并连续发布了多篇违规文章',
    by: '三点十七分',
  })

  expect(text.length).toBe(75)
  expect(values).toMatchObject({ level: '一级', by: '三点十七分' })
})

test('an address with brackets does not end its link early', () => {
  expect(renderWecomMarkdown(aNotice({ action: { label: '看', url: 'https://a.example/x_(1)' } }), 4096)).toContain(
    '[看](https://a.example/x_%281%29)',
  )
})

test('nobody can wake everybody through a Feishu card', () => {
  expect(JSON.stringify(renderFeishuCard(aNotice({ lines: ['<at id=all></at>'] }), true, 'r'))).not.toContain('<at')
})

test('a letter holds text and HTML, and our words are not taken for HTML', () => {
  const letter = renderEmail(aNotice({ title: 'P1 <b>盗</b>\r\nBcc: x@y.cn', lines: ['a & b'] }))

  expect(letter.subject).not.toMatch(/[\r\n]/)
  expect(letter.html).toContain('a &#38; b')
  expect(letter.html).not.toContain('<b>')
  expect(letter.text).toContain('我来接手：https://dx.example/m/i/2611?k=a7K2Qm')
})
