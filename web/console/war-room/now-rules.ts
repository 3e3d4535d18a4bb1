import type { ProofView, StepView } from '../../../src/incidents/view.ts'

/** A number or a sentence that the person types; it goes with the completion as its receipt. */
export const typedProof = (step: StepView): ProofView | undefined => step.proof.find((piece) => piece.kind !== 'picture')

export const missingPieces = (step: StepView): ProofView[] => step.proof.filter((piece) => piece.have.length === 0)

/** Enter completes only what needs nothing more: no answer to choose, no number to type, no picture still missing. */
export const canCompleteByKey = (step: StepView): boolean =>
  step.kind !== 'decision' && step.kind !== 'message' && missingPieces(step).length === 0
