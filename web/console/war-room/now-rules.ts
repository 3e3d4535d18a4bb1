import type { ProofView, StepView } from '../../../src/incidents/view.ts'

/** A number or a sentence that the person types; it goes with the completion as its receipt. */
export const typedProof = (step: StepView): ProofView | undefined => step.proof.find((piece) => piece.kind !== 'picture')

/** Enter completes only what needs nothing more from the person: no answer to choose, no number to type. */
export function canCompleteByKey(step: StepView): boolean {
  if (step.kind === 'decision' || step.kind === 'message') return false
  const typed = typedProof(step)
  return !typed || typed.have.length > 0
}

export const missingPieces = (step: StepView): ProofView[] => step.proof.filter((piece) => piece.have.length === 0)
