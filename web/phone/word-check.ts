import { bannedWords } from '../../src/incidents/client-words.ts'

/**
 * What can be said about a text for a client while it is still being typed. Whether its claims are backed by the record only the
 * server knows; it judges again when the text is saved.
 */
export function wordFindings(text: string): string[] {
  const findings = bannedWords.flatMap(([word, instead]) => {
    const found = word.exec(text)
    return found ? [`“${found[0]}”客户看不懂，改成“${instead}”。`] : []
  })
  if (/[!！]/.test(text)) findings.push('不要用感叹号，语气平稳更让人放心。')
  if (!/\d{2}:\d{2}/.test(text)) findings.push('正文里没有写下次时间。')
  return findings
}
