import { createHash } from 'node:crypto'

/** A file on its way to WeChat. The name's ending matters: WeChat judges the format by it. */
export type Upload = { fileName: string; mediaType: string; bytes: Uint8Array }
export type Encoded = { contentType: string; body: Uint8Array<ArrayBuffer> }

/**
 * Written out by hand: WeChat wants a file name in every part and the length up front, and a body of plain bytes can be sent
 * a second time after a token was renewed. The boundary comes from the bytes, so the same upload always looks the same.
 */
export function multipart(part: string, upload: Upload, fields: Record<string, string> = {}): Encoded {
  const boundary = `dingxin-${createHash('sha256').update(upload.bytes).digest('hex').slice(0, 32)}`
  const pieces: Uint8Array[] = []
  for (const [name, value] of Object.entries(fields)) {
    pieces.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`))
  }
  const disposition = `form-data; name="${part}"; filename="${upload.fileName.replace(/["\r\n\\]/g, '_')}"`
  pieces.push(Buffer.from(`--${boundary}\r\nContent-Disposition: ${disposition}\r\nContent-Type: ${mediaType(upload)}\r\n\r\n`))
  pieces.push(upload.bytes, Buffer.from(`\r\n--${boundary}--\r\n`))
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(pieces) }
}

const mediaType = ({ mediaType }: Upload) => (/^[\w.+-]+\/[\w.+-]+$/.test(mediaType) ? mediaType : 'application/octet-stream')
