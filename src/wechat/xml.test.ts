import assert from 'node:assert/strict'
import { test } from 'vitest'
import { count, decodeEntities, LARGEST_PUSH, nested, parseXml, text, texts, trees } from './xml.ts'

function tree(xml: string) {
  const reading = parseXml(xml)
  assert.ok(reading.ok, `should be readable: ${xml.slice(0, 80)}`)
  return reading.tree
}

test('text and CDATA read alike, and only text has entities', () => {
  const t = tree('<xml><a>1 &lt; 2 &amp;&#20013;&#x6587;</a><b><![CDATA[1 &lt; <b>2</b> &amp;]]></b></xml>')

  assert.equal(text(t, 'a'), '1 < 2 &中文')
  assert.equal(text(t, 'b'), '1 &lt; <b>2</b> &amp;')
})

test('a text that contains "]]>" arrives whole from its two CDATA sections', () => {
  assert.equal(text(tree('<xml><a><![CDATA[x]]]]><![CDATA[>y]]></a></xml>'), 'a'), 'x]]>y')
})

test('a follower may write about document types and markup', () => {
  const said = '<!DOCTYPE html><!ENTITY x "y"></xml><Encrypt>'
  assert.equal(text(tree(`<xml><Content><![CDATA[${said}]]></Content></xml>`), 'Content'), said)
})

test('entities are decoded once, and what is none stays as written', () => {
  assert.equal(
    decodeEntities('&amp;lt; &quot;&apos;&gt; &nbsp; &#0; &#xD800; &#1114112; & ;'),
    '&lt; "\'> &nbsp; &#0; &#xD800; &#1114112; & ;',
  )
})

test('ids and codes stay text: no leading zero, no digit, is lost', () => {
  const t = tree('<xml><MsgId>4561255354251345929</MsgId><Code>007</Code><Yes>true</Yes></xml>')

  assert.deepEqual([text(t, 'MsgId'), text(t, 'Code'), text(t, 'Yes')], ['4561255354251345929', '007', 'true'])
})

test('one, two and no items of a list read as one, two and none', () => {
  const list = (items: string) => trees(nested(tree(`<xml><R>${items}</R></xml>`), 'R'), 'item').map((i) => text(i, 'n'))

  assert.deepEqual(list('<item><n>1</n></item>'), ['1'])
  assert.deepEqual(list('<item><n>1</n></item><item><n>2</n></item>'), ['1', '2'])
  assert.deepEqual(list(''), [])
  assert.deepEqual(list('<item></item>'), [])
})

test('repeated plain elements read the same way', () => {
  const failed = (xml: string) => texts(tree(`<xml>${xml}</xml>`), 'fail_idx')

  assert.deepEqual(failed('<fail_idx>1</fail_idx><fail_idx>3</fail_idx>'), ['1', '3'])
  assert.deepEqual(failed('<fail_idx>2</fail_idx>'), ['2'])
  assert.deepEqual(failed('<fail_idx/>'), [])
})

test('a count is a whole number or nothing', () => {
  const t = tree('<xml><a>0</a><b>12</b><c>many</c><d>1e9</d></xml>')
  assert.deepEqual(
    ['a', 'b', 'c', 'd', 'e'].map((name) => count(t, name)),
    [0, 12, null, null, null],
  )
})

const bombs = {
  'an external entity': '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><a>&x;</a></xml>',
  'a billion laughs': '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xml><a>&b;</a></xml>',
  'a document type inside': '<xml><!DOCTYPE l [<!ENTITY a "ha">]><a>&a;</a></xml>',
  'an entity inside': '<xml><!ENTITY a "ha"><a>&a;</a></xml>',
  'elements without end': `<xml>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</xml>`,
  'a prototype': '<xml><__proto__><polluted>1</polluted></__proto__></xml>',
  'a constructor': '<xml><constructor><prototype>1</prototype></constructor></xml>',
  nothing: '',
  'plain text': 'hello',
  JSON: '{"ToUserName":"x"}',
  'another root': '<soap><xml></xml></soap>',
  'two roots': '<xml><a>1</a></xml><xml><a>2</a></xml>',
  'something behind': '<xml><a>1</a></xml><b></b></xml>',
  'a cut-off end': '<xml><a>1</a>',
}

test.each(Object.entries(bombs))('%s is refused as malformed', (_, xml) => {
  assert.deepEqual(parseXml(xml), { ok: false, code: 'malformed' })
})

test('nothing read from a push can change what every object is', () => {
  parseXml(bombs['a prototype'])
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
})

test('an element with an unlucky name is just unknown', () => {
  const t = tree('<xml><toString>1</toString><valueOf>2</valueOf><a>3</a></xml>')
  assert.equal(text(t, 'a'), '3')
})

test('more than the largest push is refused before it is read', () => {
  assert.deepEqual(parseXml(`<xml>${'x'.repeat(LARGEST_PUSH)}</xml>`), { ok: false, code: 'too-large' })
})
