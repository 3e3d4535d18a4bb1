/** What better-auth says in English, for people. A sentence says what is safe and what to do. */
const words: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: '邮箱或密码不对。请再试一次；忘了密码，请管理员发一个一次性登录链接。',
  INVALID_EMAIL: '邮箱格式不对，请检查后再试。',
  INVALID_PASSWORD: '密码不对，没有改动。请再试一次。',
  PASSWORD_TOO_SHORT: '密码太短，至少 10 位。没有保存，请换一个长一些的。',
  PASSWORD_TOO_LONG: '密码太长，最多 128 位。没有保存。',
  CREDENTIAL_ACCOUNT_NOT_FOUND: '你还没有密码。请先设一个密码，再开两步验证。',
  PERSON_LEFT: '你已不在这个团队，不能登录。如果弄错了，请管理员恢复你的账号。',
  INVALID_CODE: '验证码不对或已过期。请用手机上最新的 6 位数字。',
  INVALID_BACKUP_CODE: '备用码不对或已用过。请换一个。',
  INVALID_TWO_FACTOR_COOKIE: '登录等待超时。请回到登录页，重新输入密码。',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: '试的次数太多。请回到登录页，重新输入密码。',
  ACCOUNT_TEMPORARILY_LOCKED: '验证码错了太多次，账号锁定 15 分钟。急用请管理员发一个一次性登录链接。',
  TOTP_ALREADY_ENABLED: '两步验证已经开着，没有改动。',
  TOTP_NOT_ENABLED: '还没有开两步验证。',
  TWO_FACTOR_NOT_ENABLED: '还没有开两步验证。',
  SESSION_EXPIRED: '登录时间太久了。请重新登录，再做这一步。',
  SESSION_NOT_FRESH: '登录时间太久了。请重新登录，再做这一步。',
  INVALID_ORIGIN: '请求来自别的网址，已拒绝，没有改动。请从团队自己的网址打开页面再试。',
  MISSING_OR_NULL_ORIGIN: '请求没有说明来自哪个网址，已拒绝，没有改动。请用浏览器打开页面再试。',
  CROSS_SITE_NAVIGATION_LOGIN_BLOCKED: '请求来自别的网址，已拒绝，没有改动。请从团队自己的网址打开页面再试。',
  UNAUTHORIZED: '还没有登录，或登录已失效。请重新登录。',
  VALIDATION_ERROR: '填写的内容不完整，没有改动。请检查后再试。',
}
const byStatus: Record<number, string> = {
  401: words.UNAUTHORIZED!,
  404: '没有这个地址。',
  429: '试得太快了。请等一分钟再试，账号没有被锁。',
}

/** The same answer with a sentence for people in `message`; the code stays for programs. */
export async function inChinese(response: Response): Promise<Response> {
  if (response.status < 400) return response
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => ({}))
  const told = typeof body === 'object' && body !== null ? (body as { code?: unknown }) : {}
  const code = typeof told.code === 'string' ? told.code : undefined
  const message =
    (code && words[code]) || byStatus[response.status] || '没有成功，内容没有改动。请再试一次；还不行，请告诉管理员。'
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  headers.set('content-type', 'application/json')
  return new Response(JSON.stringify({ ...told, message }), { status: response.status, headers })
}
