import { App, Button, Input, Popconfirm, Typography } from 'antd'
import { useState } from 'react'
import type { ConnectResult } from '../../../src/contract.ts'
import { useWords } from '../words/words.tsx'
import { useRelease } from './account-drawer.tsx'

type Parts = {
  result: ConnectResult
  busy: boolean
  onReceive: (reception: 'poll' | 'callback' | 'relay', relayUrl?: string) => void
  onClose: () => void
}

const abilities = ['menu', 'drafts', 'publish', 'comments', 'mass-send', 'self-menu', 'auto-reply', 'statistics'] as const
const marks = { ok: '✓', lost: '▲', unknown: '?' } as const

export function Connected({ result, busy, onReceive, onClose }: Parts) {
  const { t, pick } = useWords()
  const abilityWord = (key: string, title: string) => {
    const known = abilities.find((ability) => ability === key)
    return pick(title, known ? t(`ability.${known}`) : title)
  }
  return (
    <div className="connected">
      <p className="ok">✓ {t('connected.title', { name: result.name, reception: t(`reception.${result.reception}`) })}</p>
      <h3>{t('connected.abilities')}</h3>
      <ul className="rows">
        {result.abilities.map((ability) => (
          <li key={ability.key}>
            <span>
              <span className={ability.able ? 'ok' : 'warn'} aria-hidden="true">
                {ability.able ? '✓' : '▲'}{' '}
              </span>
              {abilityWord(ability.key, ability.title)}
              <span className="only-read"> {t(ability.able ? 'connected.able' : 'connected.unable')}</span>
            </span>
            {ability.detail && <small>{ability.detail}</small>}
          </li>
        ))}
      </ul>
      <h3>{t('connected.findings')}</h3>
      <ul className="rows">
        {result.findings.map((finding) => (
          <li key={finding.text} className={`finding-${finding.level}`}>
            <span>
              <b>
                <span aria-hidden="true">{marks[finding.level]} </span>
                {t(`finding.${finding.level}`)}
              </b>{' '}
              {pick(finding.text, finding.textEn)}
            </span>
          </li>
        ))}
      </ul>
      {result.reception === 'poll' ? (
        <OtherWays result={result} busy={busy} onReceive={onReceive} />
      ) : (
        <CallbackSettings result={result} />
      )}
      <div className="connected-end">
        <Button type="primary" onClick={onClose}>
          {t('connected.close')}
        </Button>
      </div>
    </div>
  )
}

/** Asking only is the default and changes nothing on the account; listening takes the callback address over. */
function OtherWays({ result, busy, onReceive }: Pick<Parts, 'result' | 'busy' | 'onReceive'>) {
  const { t } = useWords()
  const [relayUrl, setRelayUrl] = useState('')
  const lost = result.findings.filter((finding) => finding.level === 'lost').length
  return (
    <section className="other-ways">
      <h3>{t('connected.faster')}</h3>
      <p className="mute">{lost > 0 ? t('connected.lost', { count: lost }) : t('connected.nothingLost')}</p>
      <div className="other-way">
        <Input
          value={relayUrl}
          onChange={(event) => setRelayUrl(event.target.value)}
          placeholder={t('connect.relayUrl')}
          aria-label={t('connect.relayUrl')}
        />
        <Button loading={busy} disabled={!URL.canParse(relayUrl)} onClick={() => onReceive('relay', relayUrl)}>
          {t('connected.useRelay')}
        </Button>
      </div>
      <Popconfirm
        title={t('connected.sure')}
        description={t('connected.sureText')}
        okText={t('connected.useCallback')}
        cancelText={t('dialog.leave')}
        onConfirm={() => onReceive('callback')}
      >
        <Button loading={busy}>{t('connected.useCallback')}</Button>
      </Popconfirm>
    </section>
  )
}

function CallbackSettings({ result }: { result: ConnectResult }) {
  const { t } = useWords()
  const { message } = App.useApp()
  const release = useRelease(result.accountId)
  const rows: [string, string][] = [
    ['URL', result.callbackUrl],
    ['Token', result.token],
    ['EncodingAESKey', result.aesKey],
  ]
  return (
    <section className="other-ways">
      <h3>{t('connected.fillIn')}</h3>
      <p className="mute">{t('connected.fillInWhere')}</p>
      <dl className="facts">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <Typography.Text
                code
                copyable={{
                  text: value,
                  onCopy: () => message.success(t('copy.done')),
                  tooltips: [t('copy.copy'), t('copy.done')],
                }}
              >
                {value}
              </Typography.Text>
            </dd>
          </div>
        ))}
      </dl>
      <Button danger loading={release.isPending} onClick={() => release.mutate()}>
        {t('release.title')}
      </Button>{' '}
      <span className="mute">{t('release.text')}</span>
    </section>
  )
}
