import type { WarRoomView } from '../../../src/incidents/view.ts'
import { inLang } from '../../shared/format.ts'
import { useDesk } from '../desk.tsx'
import { ActForm, Because, Choice, Field, Fold } from '../pieces.tsx'
import { openSteps, phaseOf } from '../war-room-rules.ts'

const owners = ['duty', 'lead', 'account-manager', 'administrator', 'client'] as const

/** The plan may be left at any point; reason and consent are the control, not a locked button (ux §1.4). */
export function Special({ view }: { view: WarRoomView }) {
  const { t, lang, kept, path } = useDesk()
  if (phaseOf(view) === 'closed') return null
  const steps = openSteps(view).map((step) => ({ value: step.key, title: inLang(lang, step.title, step.titleEn) }))
  const refused = kept.do === 'skip' || kept.do === 'move' || kept.do === 'add'
  return (
    <Fold title={t('special')} open={refused} id="special">
      <p>{t('specialHint')}</p>
      {!view.me.signedIn ? (
        <a class="link" href={`/signin?next=${encodeURIComponent(`${path}#special`)}`}>
          {t('signInForThis')}
        </a>
      ) : (
        <>
          <details open={kept.do === 'skip'}>
            <summary class="link">{t('skip')}</summary>
            <ActForm act="skip">
              <Choice act="skip" name="step" label={t('whichStep')} options={steps} />
              <Because act="skip" agreed />
              <button type="submit" class="small">
                {t('skipSend')}
              </button>
            </ActForm>
          </details>
          <details open={kept.do === 'move'}>
            <summary class="link">{t('move')}</summary>
            <ActForm act="move">
              <Choice act="move" name="step" label={t('whichStep')} options={steps} />
              <Choice act="move" name="before" label={t('beforeStep')} options={steps} />
              <Because act="move" agreed />
              <button type="submit" class="small">
                {t('moveSend')}
              </button>
            </ActForm>
          </details>
          <details open={kept.do === 'add'}>
            <summary class="link">{t('add')}</summary>
            <ActForm act="add">
              <Field act="add" name="title" label={t('addTitle')} required />
              <Choice
                act="add"
                name="owner"
                label={t('addOwner')}
                options={owners.map((owner) => ({ value: owner, title: t(`owner-${owner}`) }))}
              />
              <Field act="add" name="minutes" label={t('addMinutes')} type="number" inputMode="numeric" value="15" required />
              <Because act="add" agreed />
              <button type="submit" class="small">
                {t('addSend')}
              </button>
            </ActForm>
          </details>
        </>
      )}
    </Fold>
  )
}
