import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { ChannelKind } from '../../../src/comms/channels/channel.ts'
import { admins } from '../../../src/platform/access.ts'
import { channelsQuery } from '../api/queries.ts'
import { type Column, RowTable } from '../shell/row-table.tsx'
import { useMoment } from '../shell/use-now.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { useWords } from '../words/words.tsx'
import { channelKinds } from './channel-fields.ts'
import { OnlyFor } from './may.tsx'
import { Answered, SettingPage } from './page.tsx'

const ChannelDrawer = lazy(() => import('./channel-drawer.tsx'))
const ChannelTestDialog = lazy(() => import('./channel-test-dialog.tsx'))

type Row = { kind: ChannelKind; enabled?: boolean; lastSentAt?: Parameters<ReturnType<typeof useMoment>>[0] }
type Opened = { kind: ChannelKind; to: 'configure' | 'test' }

export function Channels() {
  return (
    <OnlyFor need={admins}>
      <EveryChannel />
    </OnlyFor>
  )
}

/** All kinds are listed, those set up first: what could be used is part of the answer. */
function EveryChannel() {
  const { t } = useWords()
  const s = useSetupWords()
  const asked = useQuery(channelsQuery)
  const [opened, open] = useState<Opened | undefined>()
  return (
    <SettingPage title={t('settings.channels')} text={s('channels.text')}>
      <Answered asked={asked}>
        {(known) => {
          const rows = channelKinds
            .map((kind): Row => ({ ...known.find((row) => row.kind === kind), kind }))
            .toSorted((a, b) => Number(a.enabled === undefined) - Number(b.enabled === undefined))
          return <ChannelTable rows={rows} onOpen={open} />
        }}
      </Answered>
      <Suspense>
        {opened?.to === 'configure' && (
          <ChannelDrawer
            kind={opened.kind}
            configured={asked.data?.some((row) => row.kind === opened.kind) === true}
            onClose={() => open(undefined)}
          />
        )}
        {opened?.to === 'test' && <ChannelTestDialog kind={opened.kind} onClose={() => open(undefined)} />}
      </Suspense>
    </SettingPage>
  )
}

function ChannelTable({ rows, onOpen }: { rows: Row[]; onOpen: (opened: Opened) => void }) {
  const { t } = useWords()
  const s = useSetupWords()
  const moment = useMoment()
  const columns: Column<Row>[] = [
    { key: 'kind', title: s('channels.kind'), cell: (row) => <b>{s(`kind.${row.kind}`)}</b> },
    {
      key: 'state',
      title: s('channels.state'),
      width: 130,
      cell: ({ enabled }) =>
        enabled === undefined ? (
          <span className="mute">{s('channels.notSet')}</span>
        ) : enabled ? (
          <span className="ok">✓ {s('channels.on')}</span>
        ) : (
          <span className="warn">▲ {s('channels.off')}</span>
        ),
    },
    {
      key: 'last',
      title: s('channels.lastSent'),
      width: 170,
      cell: (row) =>
        row.enabled === undefined ? null : (
          <span className={row.lastSentAt ? 'num' : 'warn'}>
            {row.lastSentAt ? moment(row.lastSentAt) : s('channels.neverSent')}
          </span>
        ),
    },
    {
      key: 'acts',
      title: '',
      width: 250,
      cell: ({ kind, enabled }) => (
        <span className="row-acts">
          <Button onClick={() => onOpen({ kind, to: 'configure' })}>
            {s(enabled === undefined ? 'channels.configure' : 'channels.again')}
          </Button>
          {enabled && <Button onClick={() => onOpen({ kind, to: 'test' })}>{s('channels.test')}</Button>}
        </span>
      ),
    },
  ]
  return <RowTable name={t('settings.channels')} columns={columns} rows={rows} idOf={(row) => row.kind} />
}
