import { Button, Dropdown, type MenuProps } from 'antd'
import { elapsedText } from '../../shared/clock.ts'
import { StateTag } from '../incidents/state-tag.tsx'
import { MoreIcon } from '../shell/icons.tsx'
import { SeverityMark } from '../shell/severity.tsx'
import { useMoment, useNow } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { MainClock } from './main-clock.tsx'
import { type Dialog, useRoom } from './room-context.ts'

export function Head() {
  const { pick } = useWords()
  const { view } = useRoom()
  return (
    <div className="head">
      <SeverityMark severity={view.severity} solid />
      <div className="head-title">
        <h1>
          {pick(view.title, view.titleEn)} · {view.accountName} <StateTag state={view.state} certainty={view.certainty} />
        </h1>
        <SubTitle />
      </div>
      <MainClock />
      <MoreActs />
    </div>
  )
}

function SubTitle() {
  const { t } = useWords()
  const { view } = useRoom()
  const moment = useMoment()
  const now = useNow()
  const parts = [
    t('head.found', { time: moment(view.detectedAt), gone: elapsedText(view.detectedAt, now) }),
    view.commander ? t('head.commander', { name: view.commander.name }) : t('head.nobody'),
    t('head.plan', { title: view.playbook.title, version: view.playbook.version }),
  ]
  return (
    <p className="sub num" title={t('head.rule', { rule: view.severityRule })}>
      {parts.join(' · ')}
    </p>
  )
}

function MoreActs() {
  const { t } = useWords()
  const { view, open, doAct } = useRoom()
  const dialogs: [Dialog, string, string][] = [
    ['help', t('help.title'), 'E'],
    ['hand-over', t('handOver.title'), 'H'],
    ['note', t('note.title'), 'L'],
    ['exception', t('exception.record'), 'S'],
    ['history', t('timeline.title'), ''],
  ]
  const items: NonNullable<MenuProps['items']> = dialogs.map(([key, label, extra]) => ({
    key,
    label,
    extra,
    onClick: () => open(key),
  }))
  if (view.me.mayDecide) {
    const over = view.state === 'restored' || view.state === 'watching'
    items.push({ type: 'divider' }, { key: 'severity', label: t('severity.change'), onClick: () => open('severity') })
    if (!over && view.state !== 'reviewed')
      items.push({ key: 'resolve', label: t('resolve.title'), onClick: () => open('resolve') })
    if (over) items.push({ key: 'review', label: t('review.title'), onClick: () => doAct({ do: 'review' }) })
    if (over || view.state === 'reviewed') items.push({ key: 'reopen', label: t('reopen.title'), onClick: () => open('reopen') })
  }
  return (
    <Dropdown trigger={['click']} menu={{ items }} placement="bottomRight">
      <Button aria-label={t('head.more')} icon={<MoreIcon />} />
    </Dropdown>
  )
}
