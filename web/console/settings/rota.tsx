import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { RotaView } from '../../../src/people/rota-commands.ts'
import { deciders } from '../../../src/platform/access.ts'
import { BEIJING } from '../../../src/platform/time.ts'
import { rotaQuery } from '../api/queries.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { useWords } from '../words/words.tsx'
import { AskForChange, useMay } from './may.tsx'
import { Answered, SettingPage } from './page.tsx'
import { Gaps, Shifts, Swaps } from './rota-lists.tsx'
import { RotaWeek } from './rota-week.tsx'

const RotaDrawer = lazy(() => import('./rota-drawer.tsx'))

/** Who answers when: drawn for the coming week, and as lists to change it. */
export function Rota() {
  const { t } = useWords()
  const s = useSetupWords()
  const asked = useQuery(rotaQuery)
  const mayChange = useMay(deciders)
  const [adding, add] = useState<'shift' | 'swap' | undefined>()
  const acts = mayChange && (
    <>
      <Button onClick={() => add('swap')}>{s('rota.swap')}</Button>
      <Button type="primary" onClick={() => add('shift')}>
        {s('rota.add')}
      </Button>
    </>
  )
  return (
    <SettingPage title={t('settings.rota')} act={acts}>
      <AskForChange need={deciders} />
      <Answered asked={asked}>
        {(view) => (
          <>
            <Now view={view} />
            <RotaWeek view={view} />
            <Gaps view={view} />
            <Shifts view={view} mayChange={mayChange === true} />
            <Swaps view={view} />
            <Suspense>{adding && <RotaDrawer what={adding} view={view} onClose={() => add(undefined)} />}</Suspense>
          </>
        )}
      </Answered>
    </SettingPage>
  )
}

function Now({ view }: { view: RotaView }) {
  const s = useSetupWords()
  const nameOf = (id: string | undefined) => view.people.find((person) => person.id === id)?.name ?? s('set.nobody')
  return (
    <p>
      <b>{s('rota.now', { first: nameOf(view.now.first), backup: nameOf(view.now.backup) })}</b>{' '}
      <span className="mute">{view.zone === BEIJING ? s('rota.textHere') : s('rota.text', { zone: view.zone })}</span>
    </p>
  )
}
