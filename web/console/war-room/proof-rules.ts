import type { StepView } from '../../../src/incidents/view.ts'

/** Where a pasted or dropped picture belongs: the first piece the present step still misses, else to the incident as such. */
export function placeFor(step: StepView | undefined): { step?: string; proof?: string } {
  const pictures = step?.proof.filter((piece) => piece.kind === 'picture') ?? []
  const piece = pictures.find((p) => p.have.length === 0) ?? pictures.at(-1)
  return step && piece ? { step: step.key, proof: piece.key } : {}
}

export const pastedFiles = (from: { files: Iterable<File> } | null): File[] => (from ? [...from.files] : [])
