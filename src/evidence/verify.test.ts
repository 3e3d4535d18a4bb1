import { beforeAll, describe, expect, test } from 'vitest'
import { edited, relist, replace, rewriteHistory, zipped } from './given-attack.ts'
import { aPack, ITEM, problemOf, textOf, whatOf } from './given-pack.ts'
import { verifyText } from './verdict-text.ts'
import { verifyPack } from './verify.ts'

let pack: Uint8Array
let print: string
beforeAll(async () => {
  ;({ pack, print } = await aPack())
})

describe('the most telling thing is named first', () => {
  test('a flipped bit in a timeline line names the entry and its time', () => {
    const copy = Buffer.from(pack)
    copy[copy.indexOf('让陌生登录下线')]! ^= 1

    expect(problemOf(verifyPack(copy))).toMatchObject({ what: 'timeline', place: 'timeline.jsonl:2' })
  })

  test('an edited timeline line names the entry and its time, also when the list was made to agree', async () => {
    const careless = await edited(pack, (files) => replace(files, 'timeline.jsonl', '让陌生登录下线', '什么也没有做'))
    const careful = await edited(pack, (files) => {
      replace(files, 'timeline.jsonl', '让陌生登录下线', '什么也没有做')
      relist(files)
    })

    for (const forged of [careless, careful]) {
      expect(problemOf(verifyPack(forged))).toMatchObject({ what: 'timeline', place: 'timeline.jsonl:2' })
      expect(problemOf(verifyPack(forged)).sentence).toContain('第 2 条（2026-11-22 03:07:12，step-done）')
    }
  })

  test('a deleted timeline line is named by the gap it leaves', async () => {
    const forged = await edited(pack, (files) => {
      const lines = textOf(files, 'timeline.jsonl').split('\n')
      files.set('timeline.jsonl', Buffer.from(lines.toSpliced(1, 1).join('\n')))
    })

    expect(problemOf(verifyPack(forged)).sentence).toMatch(/第 2 条.*序号不对/)
  })

  test('a line that is the same JSON written differently is named too', async () => {
    const forged = await edited(pack, (files) => replace(files, 'timeline.jsonl', '"seq":3', '"seq": 3'))

    expect(problemOf(verifyPack(forged))).toMatchObject({ what: 'timeline', place: 'timeline.jsonl:3' })
  })

  test('a last entry taken away shows at the head', async () => {
    const forged = await edited(pack, (files) => {
      files.set('timeline.jsonl', Buffer.from(textOf(files, 'timeline.jsonl').split('\n').slice(0, 2).join('\n').concat('\n')))
    })

    expect(whatOf(verifyPack(forged))).toBe('file-changed')
    expect(verifyPack(forged)).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ what: 'chain-head' })]),
    })
  })

  test('a rewritten history with a matching list still contradicts what was told outside', async () => {
    const forged = await edited(pack, (files) => rewriteHistory(files))
    const verdict = verifyPack(forged)

    expect(whatOf(verdict)).toBe('manifest-signature')
    expect(verdict).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ what: 'pin', place: 'timeline.jsonl:2' })]),
    })
  })

  test('an edited piece of evidence is named by its file', async () => {
    const forged = await edited(pack, (files) => replace(files, ITEM, '"errcode":0', '"errcode":1'))

    expect(problemOf(verifyPack(forged))).toMatchObject({ what: 'file-changed', place: ITEM })
  })

  test('an edited report is named', async () => {
    const forged = await edited(pack, (files) => replace(files, 'report.html', '青禾茶事', '别家茶事'))

    expect(problemOf(verifyPack(forged)).place).toBe('report.html')
  })

  test('evidence taken away or slipped in is named', async () => {
    const missing = await edited(pack, (files) => files.delete(ITEM))
    const extra = await edited(pack, (files) => files.set('items/02-新的.png', Buffer.from('x')))

    expect(problemOf(verifyPack(missing))).toMatchObject({ what: 'file-missing', place: ITEM })
    expect(problemOf(verifyPack(extra))).toMatchObject({ what: 'file-extra', place: 'items/02-新的.png' })
  })

  test('evidence changed together with its entry in the list breaks the signature of the list', async () => {
    const forged = await edited(pack, (files) => {
      replace(files, ITEM, '"errcode":0', '"errcode":1')
      relist(files)
    })

    expect(whatOf(verifyPack(forged))).toBe('manifest-signature')
  })

  test('a timestamp that is none is named', async () => {
    const forged = await edited(pack, (files) => files.set('timestamp.tsr', Buffer.from('3003020100', 'hex')))

    expect(whatOf(verifyPack(forged))).toBe('timestamp')
  })

  test('something else altogether is called what it is', () => {
    expect(problemOf(verifyPack(new Uint8Array())).sentence).toMatch(/不是 zip/)
    expect(problemOf(verifyPack(Buffer.from('%PDF-1.7 …'))).sentence).toMatch(/不是 zip/)
  })

  test('a zip that is not ours is told apart from a damaged pack', async () => {
    expect(problemOf(verifyPack(await zipped(new Map([['a.txt', Buffer.from('a')]])))).sentence).toMatch(/没有清单/)
  })
})

test('what a hostile pack says is printed without escape sequences', async () => {
  const { pack: shouting } = await aPack({ agency: { name: '\u001b[2J好机构\u202e' } })

  const text = verifyText(verifyPack(shouting))
  expect(text).toContain('好机构')
  expect(text.includes('\u001b') || text.includes('\u202e')).toBe(false)
})

test('the report of a sound pack says what is proven and what is not', () => {
  const text = verifyText(verifyPack(pack, { fingerprint: print }))

  expect(text).toMatch(/没有一个字节变过/)
  expect(text).toContain(print.match(/.{4}/g)!.join(' '))
  expect(text).toMatch(/与您给出的指纹一致/)
  expect(text).toMatch(/没有第三方时间戳/)
  expect(text).toMatch(/不能证明的\n.*签名之前记录的内容是否属实/)
  expect(text).toContain('2026-11-22 03:10:00　第 2 条')
})

test('the report of a broken pack says where, and what to do', async () => {
  const text = verifyText(verifyPack(await edited(pack, (files) => replace(files, ITEM, '0', '1'))))

  expect(text).toMatch(/^✗ 核对不通过：文件“items\/01-接口返回\.json”被改过/)
  expect(text).toMatch(/向出具方要一份原件/)
})
