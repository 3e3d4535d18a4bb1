import { Segmented } from 'antd'
import { useAppearance } from '../theme/appearance.tsx'
import { useWords } from '../words/words.tsx'

export function Looks() {
  const { t, lang, setLang } = useWords()
  const { appearance, setAppearance } = useAppearance()
  return (
    <section className="card setting" aria-labelledby="looks">
      <h2 id="looks">{t('settings.looks')}</h2>
      <div className="setting-row">
        <span id="looks-lang">{t('settings.language')}</span>
        <Segmented
          aria-labelledby="looks-lang"
          value={lang}
          onChange={setLang}
          options={[
            { value: 'zh', label: <span lang="zh-CN">中文</span> },
            { value: 'en', label: <span lang="en">English</span> },
          ]}
        />
      </div>
      <div className="setting-row">
        <span id="looks-theme">{t('settings.theme')}</span>
        <Segmented
          aria-labelledby="looks-theme"
          value={appearance}
          onChange={setAppearance}
          options={(['auto', 'day', 'night'] as const).map((one) => ({ value: one, label: t(`appearance.${one}`) }))}
        />
      </div>
    </section>
  )
}
