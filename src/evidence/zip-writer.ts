import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { EMPTY_SEAL } from './seal.ts'

export type ZipFileToWrite = { path: string; bytes: Uint8Array; compress: boolean }

/** Writes a zip with room for the seal in its comment. Times are fixed, so that the same content gives the same bytes. */
export async function writeZip(files: readonly ZipFileToWrite[]): Promise<Uint8Array> {
  const zip = new ZipFile()
  const failed = new Promise<never>((_, reject) => zip.on('error', reject))
  // Zip keeps local time without a zone; made from local parts, this is the same bytes everywhere.
  const mtime = new Date(1980, 0, 1)
  for (const { path, bytes, compress } of files) {
    zip.addBuffer(Buffer.from(bytes), path, { mtime, mode: 0o100644, compress, forceDosTimestamp: true })
  }
  zip.end({ comment: EMPTY_SEAL, forceZip64Format: false })
  return Promise.race([buffer(zip.outputStream), failed])
}
