import type { ComponentChildren } from 'preact'
import type { ActName } from '../../src/incidents/acts.ts'
import type { Severity } from '../../src/incidents/timeline.ts'
import { useDesk } from './desk.tsx'
import type { Notice } from './pages.ts'

type Inside = { children?: ComponentChildren }

const marks: Record<Severity, string> = {
  P1: 'M4 0h6l4 4v6l-4 4H4l-4-4V4z',
  P2: 'M7 1l7 12H0z',
  P3: 'M7 0l7 7-7 7-7-7z',
  P4: 'M7 0a7 7 0 1 1 0 14A7 7 0 0 1 7 0z',
}
const severityWord = { P1: 'sevP1', P2: 'sevP2', P3: 'sevP3', P4: 'sevP4' } as const

/** Severity by shape and word, never by colour alone. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const { t } = useDesk()
  return (
    <span class={`sev ${severity.toLowerCase()}`}>
      <svg width="13" height="13" viewBox="0 0 14 14" aria-hidden="true">
        <path d={marks[severity]} fill="currentColor" />
      </svg>
      <span>{severity}</span>
      <span class="unseen">{t(severityWord[severity])}</span>
    </span>
  )
}

/** One press, one idempotency key: the page's fresh word, the act, and what it is about. */
export function ActForm({
  act,
  about,
  fields = {},
  id,
  class: name,
  children,
}: Inside & { act: ActName; about?: string; fields?: Record<string, string>; id?: string; class?: string }) {
  const { path, press, linkKey } = useDesk()
  return (
    <form method="post" action={`${path}/act`} id={id} class={name}>
      <input type="hidden" name="do" value={act} />
      {Object.entries(fields).map(([key, value]) => (
        <input type="hidden" name={key} value={value} key={key} />
      ))}
      <input type="hidden" name="press" value={[press, act, about].filter(Boolean).join('-')} />
      {linkKey && <input type="hidden" name="k" value={linkKey} />}
      {children}
    </form>
  )
}

type FieldProps = {
  label: string
  name: string
  act?: string
  type?: 'text' | 'email' | 'password' | 'number' | 'date' | 'time'
  required?: boolean
  minLength?: number
  hint?: string
  value?: string
  rows?: number
  autocomplete?: 'off' | 'one-time-code' | 'username' | 'current-password' | 'new-password' | 'name' | 'organization'
  inputMode?: 'numeric' | 'text' | 'email'
  maxLength?: number
  pattern?: string
  problem?: string
  onText?: (text: string) => void
}

/** A labelled field that remembers what was typed when its act was refused. */
export function Field({ label, name, act, type = 'text', hint, value, rows, problem, onText, ...rest }: FieldProps) {
  const { kept } = useDesk()
  const id = `f-${act ? `${act}-` : ''}${name.replaceAll('.', '-')}`
  // A password is never sent back, not even to whoever typed it.
  const initial = (type !== 'password' && (!act || kept.do === act) ? kept[name] : undefined) ?? value
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ') || undefined
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {rows ? (
        <textarea
          id={id}
          name={name}
          rows={rows}
          onInput={onText && ((event) => onText(event.currentTarget.value))}
          aria-describedby={described}
          aria-invalid={problem ? 'true' : undefined}
          defaultValue={initial}
          {...rest}
        />
      ) : (
        <input
          id={id}
          name={name}
          type={type as 'text'} // Preact types every kind of input apart; ours differ only in their keyboard
          aria-describedby={described}
          aria-invalid={problem ? 'true' : undefined}
          defaultValue={initial}
          {...rest}
        />
      )}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
      {problem && (
        <small class="problem" id={`${id}-problem`}>
          {problem}
        </small>
      )}
    </div>
  )
}

export function Choice({
  label,
  name,
  act,
  options,
}: {
  label: string
  name: string
  act: string
  options: { value: string; title: string }[]
}) {
  const { kept, t } = useDesk()
  const id = `f-${act}-${name}`
  const chosen = kept.do === act ? kept[name] : undefined
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} required>
        <option value="">{t('pickOne')}</option>
        {options.map((o) => (
          <option value={o.value} selected={o.value === chosen} key={o.value}>
            {o.title}
          </option>
        ))}
      </select>
    </div>
  )
}

/** Reason and who agreed: what every departure from the plan needs. */
export function Because({ act, agreed = false }: { act: ActName; agreed?: boolean }) {
  const { t } = useDesk()
  return (
    <>
      <Field act={act} name="reason" label={t('reason')} hint={t('reasonHint')} required minLength={6} rows={2} />
      {agreed && <Field act={act} name="agreedBy" label={t('agreedBy')} required />}
    </>
  )
}

export function Says({ notice }: { notice?: Notice }) {
  const { t } = useDesk()
  if (!notice) return null
  return (
    <div class={`notice ${notice.tone}`} role={notice.tone === 'error' ? 'alert' : 'status'}>
      {notice.text}
      {notice.code && <span class="num"> {t('code', { code: notice.code })}</span>}
    </div>
  )
}

/**
 * A sheet that opens by its address (#id), so that it works without a script; a script only adds focus and Escape.
 * `open` shows it at once, for a form that was refused.
 */
export function Sheet({ id, title, open = false, children }: Inside & { id: string; title: string; open?: boolean }) {
  const { self, t } = useDesk()
  return (
    <section
      class={open ? 'sheet open' : 'sheet'}
      id={id}
      role="dialog"
      aria-modal="true"
      aria-labelledby={`${id}-title`}
      tabIndex={-1}
    >
      <div class="sheet-body">
        <div class="h3">
          <h2 id={`${id}-title`}>{title}</h2>
          <a class="close" href={open ? self : '#now'}>
            {t('close')}
          </a>
        </div>
        {children}
      </div>
    </section>
  )
}

export function Fold({
  title,
  aside,
  open,
  children,
  id,
}: Inside & { title: ComponentChildren; aside?: ComponentChildren; open?: boolean; id?: string }) {
  return (
    <details class="fold" open={open} id={id}>
      <summary>
        <span>{title}</span>
        {aside !== undefined && <span class="tag">{aside}</span>}
        <Chevron />
      </summary>
      <div class="fold-body">{children}</div>
    </details>
  )
}

const Chevron = () => (
  <svg
    class="chevron"
    width="18"
    height="18"
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    aria-hidden="true"
  >
    <path d="m7 4 6 6-6 6" />
  </svg>
)
export const Tick = () => (
  <svg width="13" height="13" viewBox="0 0 12 12" fill="none" stroke="currentColor" stroke-width="2.2" aria-hidden="true">
    <path d="M2 6.4 4.8 9 10 3.2" />
  </svg>
)
export const Camera = () => (
  <svg
    width="22"
    height="22"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.9"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d="M3 8h4l1.6-2.5h6.8L17 8h4v11.5H3z" />
    <circle cx="12" cy="13.3" r="3.4" />
  </svg>
)
export const Phone = () => (
  <svg
    width="18"
    height="18"
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    stroke-width="1.7"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d="M4 3h3.5l1.5 4-2 1.5a10 10 0 0 0 4.5 4.5l1.5-2 4 1.5V16a1.5 1.5 0 0 1-1.6 1.5A14.5 14.5 0 0 1 2.5 4.6 1.5 1.5 0 0 1 4 3z" />
  </svg>
)
