import type { Manifest } from './pack-format.ts'
import { SEAL_LENGTH } from './seal.ts'
import { spokenFingerprint } from './signing.ts'
import { beijing } from './words.ts'

/** Written for someone who has never heard of us and does not want to install anything from us. */
export function readme({ agency, incident, exportedAt, key, product }: Omit<Manifest, 'files'>): string {
  return `证据包　${incident.number}　${incident.title}
出具方：${agency.name}　导出：${beijing(exportedAt)}（北京时间）　${product.name} ${product.version}

先看 report.html：双击即可打开，不需要联网。
下面说的 pack.zip 是您收到的 zip 原件。请保留原件，解压后的文件夹只供阅读。

一、用 dingxin 核对（不联网）
  dingxin evidence verify pack.zip --fingerprint ${key.fingerprint}
上面的指纹写在包里，只能当作提示。请向出具方用别的途径（电话、合同、官网）索取指纹，换成那一个再核对。
  ${spokenFingerprint(key.fingerprint)}

二、不用 dingxin 核对（Linux 命令与 OpenSSL 3.0 以上；把 pack.zip 解压到一个空文件夹，pack.zip 也复制进去，在那里执行）
1. 钥匙的指纹，应与出具方告诉您的相同：
  openssl pkey -pubin -in public-key.pem -outform DER | sha256sum
2. 清单的签名：
  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig
3. 每个文件的 SHA-256，应与 manifest.json 里 files 所写的相同，不多也不少：
  sha256sum *.* items/*
  （pack.zip 本身和 manifest.json、manifest.sig、timestamp.tsr 不在其中：它们由签名、封口和时间戳保护。）
4. 整个 zip 的封口（zip 注释里的签名，盖住它前面的每一个字节）：
  head -c -${SEAL_LENGTH} pack.zip > body
  tail -c 128 pack.zip | xxd -r -p > seal.sig
  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in body -sigfile seal.sig
5. 时间戳（有 timestamp.tsr 时；CA 证书向时间戳机构索取）：
  openssl ts -verify -data manifest.json -in timestamp.tsr -CAfile ca.pem
6. 时间线（timeline.jsonl，每行一条，JSON 按 RFC 8785 书写，SHA-256 按 UTF-8 计算）：
  起点 = SHA-256({"format":"dingxin-timeline-1","incidentId":事件 id})
  每条的 hash = SHA-256({"entry":{at,by,data,kind,seq},"incidentId":事件 id,"previous":上一条的 hash})
  最后一条的 hash 应等于 manifest.json 里的 chain.head；没有记录时 head 就是起点。

核对通过，证明自签名以来没有改动；有时间戳时，还证明那一刻内容已经存在。
不能证明签名之前记录的内容属实，也不能证明钥匙在谁手里。
`
}
