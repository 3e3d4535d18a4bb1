import { queryOptions, useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Tag } from 'antd'
import { useState } from 'react'
import { askSignIn, fieldOf, textOf } from '../api/sign-in-door.ts'
import { useSave } from '../api/use-save.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { CopyText } from './copy-text.tsx'
import { Answered } from './page.tsx'

const twoFactorQuery = queryOptions({
  queryKey: ['two-factor'],
  queryFn: async () => fieldOf(fieldOf(await askSignIn('/get-session'), 'user'), 'twoFactorEnabled') === true,
})
const changes = [twoFactorQuery.queryKey]
type Begun = { uri: string; secret: string; codes: string[] }

export function TwoFactor() {
  const s = useSetupWords()
  const asked = useQuery(twoFactorQuery)
  const [begun, begin] = useState<Begun | undefined>()
  return (
    <section className="card setting" aria-labelledby="totp">
      <h2 id="totp">
        {s('totp.title')} {asked.data !== undefined && <Tag>{s(asked.data ? 'totp.isOn' : 'totp.isOff')}</Tag>}
      </h2>
      <p className="mute">{s('totp.text')}</p>
      <Answered asked={asked}>
        {(on) => (on ? <TurnOff /> : begun ? <Finish begun={begun} onEnd={() => begin(undefined)} /> : <Begin onBegun={begin} />)}
      </Answered>
    </section>
  )
}

function Begin({ onBegun }: { onBegun: (begun: Begun) => void }) {
  const s = useSetupWords()
  const enable = useSave({
    save: ({ password }: { password: string }) => askSignIn('/two-factor/enable', { password }),
    changes: [],
    onDone: (answer) => {
      const uri = textOf(answer, 'totpURI') ?? ''
      const codes = fieldOf(answer, 'backupCodes')
      onBegun({ uri, secret: secretIn(uri), codes: Array.isArray(codes) ? codes.map(String) : [] })
    },
  })
  return <PasswordForm does={s('totp.begin')} busy={enable.isPending} onFinish={(password) => enable.mutate({ password })} />
}

const secretIn = (uri: string): string => (URL.canParse(uri) ? (new URL(uri).searchParams.get('secret') ?? '') : '')

/** Only a code from the phone proves that it works, so nothing is on before that. */
function Finish({ begun, onEnd }: { begun: Begun; onEnd: () => void }) {
  const s = useSetupWords()
  const verify = useSave({
    save: ({ code }: { code: string }) => askSignIn('/two-factor/verify-totp', { code: code.trim() }),
    changes,
    said: s('totp.on'),
    onDone: onEnd,
  })
  return (
    <ol className="steps-of-setting">
      <li>
        {s('totp.step1')}
        <CopyText label={s('totp.secret')} text={begun.secret} />
        <a href={begun.uri}>{s('totp.open')}</a>
      </li>
      <li>
        {s('totp.step2')}
        <CopyText label={s('totp.copyCodes')} text={begun.codes.join('\n')} />
      </li>
      <li>
        <Form<{ code: string }> layout="vertical" requiredMark={false} onFinish={(fields) => verify.mutate(fields)}>
          <Form.Item
            name="code"
            label={s('totp.step3')}
            rules={[{ required: true, pattern: /^\s*\d{6}\s*$/, message: s('totp.codeWrong') }]}
          >
            <Input inputMode="numeric" autoComplete="one-time-code" maxLength={8} aria-label={s('totp.code')} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={verify.isPending}>
            {s('totp.turnOn')}
          </Button>{' '}
          <Button onClick={onEnd}>{s('totp.later')}</Button>
        </Form>
      </li>
    </ol>
  )
}

function TurnOff() {
  const s = useSetupWords()
  const disable = useSave({
    save: (password: string) => askSignIn('/two-factor/disable', { password }),
    changes,
    said: s('totp.off'),
  })
  return (
    <>
      <p>{s('totp.offText')}</p>
      <PasswordForm danger does={s('totp.turnOff')} busy={disable.isPending} onFinish={(password) => disable.mutate(password)} />
    </>
  )
}

function PasswordForm({
  does,
  busy,
  danger = false,
  onFinish,
}: {
  does: string
  busy: boolean
  danger?: boolean
  onFinish: (password: string) => void
}) {
  const s = useSetupWords()
  return (
    <Form<{ password: string }> layout="vertical" requiredMark={false} onFinish={({ password }) => onFinish(password)}>
      <Form.Item name="password" label={s('totp.password')} rules={[{ required: true, message: s('set.missing') }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Button htmlType="submit" danger={danger} loading={busy}>
        {does}
      </Button>
    </Form>
  )
}
