import { sha256 } from './canonical.ts'
import { isSafePath, LIMITS, type Manifest, OUTSIDE_MANIFEST } from './pack-format.ts'
import type { Problem } from './verdict.ts'
import { printable } from './words.ts'
import { unpack, type ZipContents, type ZipEntry } from './zip-reader.ts'

/** What the zip itself shows before anything in it is unpacked. */
export function checkNames({ entries, oddities, extraBytes }: ZipContents): Problem[] {
  const problems: Problem[] = oddities.map((oddity) => ({
    what: 'zip',
    place: '压缩包',
    sentence: `压缩包的结构不是我们写的样子：${printable(oddity)}。`,
  }))
  if (extraBytes > 0) problems.push({ what: 'appended', place: '压缩包', sentence: `文件末尾多出 ${extraBytes} 个字节。` })
  const seen = new Set<string>()
  for (const { name } of entries) {
    if (seen.has(name))
      problems.push({
        what: 'file-name',
        place: printable(name),
        sentence: `“${printable(name)}”在包里出现了两次：不同的软件会看到不同的一份。`,
      })
    if (!isSafePath(name))
      problems.push({
        what: 'file-name',
        place: printable(name),
        sentence: `“${printable(name)}”不是安全的文件名，请不要解压这个包。`,
      })
    seen.add(name)
  }
  return problems
}

/** Compares every file with the list. Returns the bytes of those that could be read, fitting or not. */
export function checkFiles(
  bytes: Uint8Array,
  entries: Map<string, ZipEntry>,
  manifest: Manifest,
): { problems: Problem[]; contents: Map<string, Uint8Array> } {
  const contents = new Map<string, Uint8Array>()
  const listed = new Set(manifest.files.map(({ path }) => path))
  const problems: Problem[] = [...entries.keys()]
    .filter((name) => !listed.has(name) && !OUTSIDE_MANIFEST.includes(name))
    .map((name) => ({
      what: 'file-extra',
      place: printable(name),
      sentence: `包里多出一个清单上没有的文件“${printable(name)}”。`,
    }))

  let budget = LIMITS.unpacked
  for (const file of manifest.files) {
    const place = printable(file.path)
    const entry = entries.get(file.path)
    if (!entry) {
      problems.push({ what: 'file-missing', place, sentence: `清单上的文件“${place}”不在包里。` })
      continue
    }
    // An altered file may have another size: it is read when that is safe, so that we can say what was altered in it.
    const content = unpack(bytes, entry, Math.min(LIMITS.file, budget))
    if (content === 'too-large') {
      problems.push({ what: 'file-changed', place, sentence: `文件“${place}”自称有 ${entry.size} 字节，超出上限，没有展开。` })
      continue
    }
    if (content === 'damaged') {
      problems.push({ what: 'file-changed', place, sentence: `文件“${place}”的内容已损坏或被改过，读不出来。` })
      continue
    }
    budget -= content.length
    contents.set(file.path, content)
    if (content.length !== file.size || sha256(content) !== file.sha256) {
      problems.push({ what: 'file-changed', place, sentence: `文件“${place}”被改过：它的 SHA-256 与清单不符。` })
    }
  }
  return { problems, contents }
}
