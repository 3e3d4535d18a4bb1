/** A mainland mobile number as eleven digits, however it was written; undefined when it is not one. */
export function mainlandMobile(written: string): string | undefined {
  const digits = written.replace(/[\s\-()（）]/g, '').replace(/^(?:\+|00)?86(?=1\d{10}$)/, '')
  return /^1[3-9]\d{9}$/.test(digits) ? digits : undefined
}
