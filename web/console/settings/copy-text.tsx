import { Typography } from 'antd'
import { useSetupWords } from '../words/setup-words.ts'
import { useWords } from '../words/words.tsx'

/** Something long to carry elsewhere: shown in full, copied with one press. */
export function CopyText({ label, text }: { label: string; text: string }) {
  const { t } = useWords()
  const s = useSetupWords()
  return (
    <p className="copy-text">
      <span className="mute">{label}</span>{' '}
      <Typography.Text code copyable={{ text, tooltips: [t('copy.copy'), s('set.copied')] }}>
        {text}
      </Typography.Text>
    </p>
  )
}
