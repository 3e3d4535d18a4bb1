import { Form, Radio } from 'antd'
import type { Severity } from '../../../../src/incidents/timeline.ts'
import { SeverityMark } from '../../shell/severity.tsx'
import { useWords } from '../../words/words.tsx'
import { useRoom } from '../room-context.ts'
import { ActDialog } from './act-dialog.tsx'
import { ReasonField } from './fields.tsx'

const severities: readonly Severity[] = ['P1', 'P2', 'P3', 'P4']

export default function SeverityDialog() {
  const { t } = useWords()
  const { view } = useRoom()
  return (
    <ActDialog<{ severity: Severity; reason: string }>
      title={t('severity.change')}
      note={t('severity.rule', { rule: view.severityRule })}
      does={t('severity.does')}
      initial={{ severity: view.severity }}
      act={(fields) => ({ do: 'severity', ...fields })}
    >
      <Form.Item name="severity" label={t('column.severity')}>
        <Radio.Group options={severities.map((severity) => ({ value: severity, label: <SeverityMark severity={severity} /> }))} />
      </Form.Item>
      <ReasonField />
    </ActDialog>
  )
}
