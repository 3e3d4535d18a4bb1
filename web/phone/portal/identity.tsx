import { useDesk } from '../desk.tsx'

/** The first act on a device asks for the last four digits, then for the code sent to that number (ux §10). */
export function Identity({ stage, digits }: { stage: 'digits' | 'code'; digits?: string }) {
  const { t, path } = useDesk()
  const field = stage === 'digits' ? 'digits' : 'code'
  const length = stage === 'digits' ? 4 : 6
  return (
    <section class="card" aria-labelledby="identity-title" id="identity">
      <h2 id="identity-title">{t(stage === 'digits' ? 'digitsTitle' : 'codeTitle')}</h2>
      <p class="sub num">{stage === 'digits' ? t('digitsHint') : t('codeHint', { digits: digits ?? '' })}</p>
      <form method="post" action={`${path}/${field}`}>
        <div class="field">
          <label for={field}>{t(stage === 'digits' ? 'digitsLabel' : 'codeLabel')}</label>
          <input
            id={field}
            name={field}
            class="num digits"
            inputMode="numeric"
            autocomplete={stage === 'code' ? 'one-time-code' : 'off'}
            pattern={`[0-9]{${length}}`}
            maxLength={length}
            required
          />
        </div>
        <button type="submit" class="wide go">
          {t(stage === 'digits' ? 'digitsSend' : 'codeSend')}
        </button>
      </form>
    </section>
  )
}
