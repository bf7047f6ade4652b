/** One figure with the bar it is held to. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly figure: number;
  readonly unit: string;
  /** The most that the figure may be; a figure without one is there to be known. */
  readonly bar?: number;
  readonly held: boolean;
  /** What the figure is the median of; the least and the most of it are shown beside. */
  readonly among?: readonly number[];
  /** What was measured, in the order of measuring. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
}

/** A row whose figure may be at most its bar, where it has one. */
export function row(values: Omit<Row, 'held'>): Row {
  return { ...values, held: values.bar === undefined || values.figure <= values.bar };
}

/** Median of the ratios of runs that followed each other, so that a busy minute hits both. */
export function pairedRatio(ours: readonly number[], bare: readonly number[]): number {
  return median(ratiosOf(ours, bare));
}

/** One ratio for each pair of runs. */
export function ratiosOf(ours: readonly number[], bare: readonly number[]): readonly number[] {
  return ours.map((value, index) => value / (bare[index] ?? Number.NaN));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
