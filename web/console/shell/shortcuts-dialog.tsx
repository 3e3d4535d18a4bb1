import { Modal } from 'antd'
import { useWords } from '../words/words.tsx'
import type { WordKey } from '../words/zh.ts'

const groups: { title: WordKey; keys: [string, WordKey][] }[] = [
  {
    title: 'shortcuts.everywhere',
    keys: [
      ['Ctrl K', 'search.open'],
      ['G I', 'page.incidents'],
      ['G A', 'page.accounts'],
      ['G S', 'page.settings'],
      ['N', 'report.title'],
      ['J', 'shortcuts.next'],
      ['K', 'shortcuts.previous'],
      ['Enter', 'shortcuts.open'],
      ['?', 'shortcuts.title'],
    ],
  },
  {
    title: 'page.warRoom',
    keys: [
      ['Enter', 'now.complete'],
      ['X', 'now.cannot'],
      ['C', 'shortcuts.message'],
      ['Ctrl Enter', 'message.send'],
      ['V', 'evidence.title'],
      ['S', 'exception.record'],
      ['E', 'help.title'],
      ['H', 'handOver.title'],
      ['L', 'note.title'],
    ],
  },
]

export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  return (
    <Modal open title={t('shortcuts.title')} footer={null} onCancel={onClose} width={640}>
      <div className="shortcuts">
        {groups.map((group) => (
          <section key={group.title}>
            <h3>{t(group.title)}</h3>
            <dl>
              {group.keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{t(what)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="mute">{t('shortcuts.off')}</p>
    </Modal>
  )
}
