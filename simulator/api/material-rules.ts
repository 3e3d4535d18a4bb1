import { refuse } from '../errors.ts'
import type { Upload } from './call.ts'

export type MediaType = 'image' | 'voice' | 'video' | 'thumb'

/** What a picture is, by its first bytes; names and declared types lie. */
export function pictureKind(bytes: Buffer): 'png' | 'jpeg' | 'gif' | 'bmp' | undefined {
  if (bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))) return 'png'
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'jpeg'
  if (bytes.subarray(0, 3).toString('latin1') === 'GIF') return 'gif'
  if (bytes.subarray(0, 2).toString('latin1') === 'BM') return 'bmp'
  return undefined
}

const MEGABYTE = 1_048_576
const limits: Record<MediaType, { bytes: number; tooLarge: number; names: RegExp }> = {
  image: { bytes: 10 * MEGABYTE, tooLarge: 40009, names: /\.(bmp|png|jpe?g|gif)$/i },
  voice: { bytes: 2 * MEGABYTE, tooLarge: 40010, names: /\.(mp3|wma|wav|amr)$/i },
  video: { bytes: 10 * MEGABYTE, tooLarge: 40011, names: /\.mp4$/i },
  thumb: { bytes: 65_536, tooLarge: 40012, names: /\.jpe?g$/i },
}

export function checkFile(type: MediaType, file: Upload): void {
  const limit = limits[type]
  if (!limit.names.test(file.name)) refuse(40005)
  if ((type === 'image' || type === 'thumb') && pictureKind(file.bytes) === undefined) refuse(40005)
  if (file.bytes.length > limit.bytes) refuse(limit.tooLarge)
}
