import type { ProofView, StepView, WarRoomView } from '../../../src/incidents/view.ts'
import { clockTime } from '../../../src/platform/time.ts'
import { inLang } from '../../shared/format.ts'
import { useDesk } from '../desk.tsx'
import { ActForm, Because, Camera, Field, Tick } from '../pieces.tsx'
import { Left } from '../ticker.tsx'
import { mayResolve, missingPictures, openSteps, phaseOf, typedProof } from '../war-room-rules.ts'
import { Resolve } from './ending.tsx'

/** What to do now: one step, its proof, its question, how and where, and a way out when it cannot be done. */
export function Now({ view }: { view: WarRoomView }) {
  const { t, lang } = useDesk()
  const step = view.now
  if (mayResolve(view)) return <Resolve view={view} />
  if (!step) return <NothingNow view={view} />
  const following = phaseOf(view) === 'following'
  return (
    <section class="card now" id="now" aria-labelledby="now-title" tabIndex={-1}>
      <div class="eyebrow">
        <span>{following ? t('nowTheyDo', { name: view.commander!.name }) : t('now')}</span>
        <span class="num">{view.nowNumber ? t('stepOf', { n: view.nowNumber, of: view.ofNumber }) : <DueBy step={step} />}</span>
      </div>
      <h2 id="now-title">{inLang(lang, step.title, step.titleEn)}</h2>
      {step.problem && (
        <p class="problem" lang="zh-CN">
          {step.problem}
        </p>
      )}
      {step.where && (
        <p class="where" lang="zh-CN">
          {step.where}
        </p>
      )}
      {following ? (
        <details class="instead">
          <summary class="link">{t('doInstead')}</summary>
          <Doing view={view} step={step} />
        </details>
      ) : (
        <Doing view={view} step={step} />
      )}
    </section>
  )
}

const DueBy = ({ step }: { step: StepView }) => {
  const { t } = useDesk()
  return <>{t('before', { time: clockTime(step.dueAt) })}</>
}

function Doing({ view, step }: { view: WarRoomView; step: StepView }) {
  const { t } = useDesk()
  return (
    <>
      {step.kind === 'manual' && step.how.length > 0 && step.how[0] && (
        <p lang="zh-CN" class="first-how">
          {step.how[0]}
        </p>
      )}
      {step.question && <Question step={step} />}
      {step.kind === 'message' && <p>{t('tellIsNow')}</p>}
      {step.proof.some((proof) => proof.kind === 'picture') && (
        <>
          <p class="need">
            {missingPictures(step).length > 0 ? t('needs', { n: missingPictures(step).length }) : t('proofComplete')}
          </p>
          <div class="proofs">
            {step.proof.map((proof) => proof.kind === 'picture' && <Proof step={step} proof={proof} key={proof.key} />)}
          </div>
        </>
      )}
      {step.kind === 'manual' && <Complete step={step} />}
      <div class="links">
        {step.how.length > (step.kind === 'manual' ? 1 : 0) && (
          <details>
            <summary class="link">{t('how')}</summary>
            <ol class="how" lang="zh-CN">
              {step.how.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ol>
          </details>
        )}
        {view.me.mayAct && step.kind !== 'message' && <Cannot step={step} />}
      </div>
    </>
  )
}

/** Two big buttons; nothing is chosen beforehand. */
function Question({ step }: { step: StepView }) {
  return (
    <ActForm act="complete" about={step.key} fields={{ step: step.key }} class="question">
      <p lang="zh-CN">{step.question}</p>
      <div class="answers" lang="zh-CN">
        {step.answers.map((answer) => (
          <button type="submit" name="answer" value={answer.key} key={answer.key}>
            {answer.title}
          </button>
        ))}
      </div>
    </ActForm>
  )
}

function Proof({ step, proof }: { step: StepView; proof: ProofView }) {
  const { t, path, linkKey } = useDesk()
  const got = proof.have.length > 0
  const last = proof.have.at(-1)
  const id = `proof-${proof.key}`
  return (
    <form method="post" action={`${path}/evidence`} encType="multipart/form-data" class={got ? 'proof got' : 'proof'}>
      <input type="hidden" name="step" value={step.key} />
      <input type="hidden" name="proof" value={proof.key} />
      {linkKey && <input type="hidden" name="k" value={linkKey} />}
      <input type="file" id={id} name="file" accept="image/*" required aria-describedby={`${id}-state`} />
      <label for={id}>
        {got ? <Tick /> : <Camera />}
        <span class="proof-what" lang="zh-CN">
          {proof.title}
        </span>
        <small class="num" id={`${id}-state`}>
          {last ? t('pictures', { n: proof.have.length, time: clockTime(last.at) }) : t('takeOrPick')}
        </small>
      </label>
      <button type="submit" class="small plain-only">
        {t('upload')}
      </button>
    </form>
  )
}

/** The button stands in the bar; the form keeps what must be typed beside the step. */
function Complete({ step }: { step: StepView }) {
  const typed = typedProof(step)
  return (
    <ActForm act="complete" about={step.key} fields={{ step: step.key }} id="complete" class="complete">
      {typed && (
        <Field
          act="complete"
          name="receipt"
          label={typed.title}
          required
          inputMode={typed.kind === 'number' ? 'numeric' : 'text'}
          autocomplete="off"
        />
      )}
    </ActForm>
  )
}

function Cannot({ step }: { step: StepView }) {
  const { t, kept } = useDesk()
  return (
    <details open={kept.do === 'cannot'}>
      <summary class="link">{t('cannot')}</summary>
      <ActForm act="cannot" about={step.key} fields={{ step: step.key }}>
        <Because act="cannot" />
        <button type="submit" class="small">
          {t('cannotSend')}
        </button>
      </ActForm>
    </details>
  )
}

function NothingNow({ view }: { view: WarRoomView }) {
  const { t, lang } = useDesk()
  const running = openSteps(view).filter((step) => step.state === 'running' || step.state === 'ready' || step.state === 'waiting')
  return (
    <section class="card now" id="now" aria-labelledby="now-title" tabIndex={-1}>
      <div class="eyebrow">
        <span>{t('now')}</span>
      </div>
      <h2 id="now-title">{t('nothingNow')}</h2>
      <p>{running.length > 0 ? t('machineWorks') : t('leadCloses')}</p>
      {running.length > 0 && (
        <ul class="plain">
          {running.slice(0, 3).map((step) => (
            <li key={step.key}>
              {inLang(lang, step.title, step.titleEn)} <Left dueAt={step.dueAt} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
