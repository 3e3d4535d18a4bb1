/** The value below which `share` of them lie (nearest rank). Not a number when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** The middle round: on a shared machine one round is always disturbed, in either direction. */
export const median = (values: readonly number[]): number => percentile(values, 0.5)

export const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits))
