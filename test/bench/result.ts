/** What a measurement should come to: at least or at most so much, in the unit of its result. */
export interface Budget {
  readonly sense: 'at least' | 'at most';
  readonly value: number;
}

/** One measured figure over the rounds of a run. */
export interface Result {
  readonly bench: string;
  readonly what: string;
  readonly unit: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly rounds: number;
  readonly budget?: Budget;
}

/** How something grows: a figure at several sizes. */
export interface Growth {
  readonly title: string;
  /** What grows, and the unit of the figure. */
  readonly x: string;
  readonly y: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** What a bench yields, part by part. */
export type Finding =
  { readonly kind: 'result'; readonly result: Result } | { readonly kind: 'growth'; readonly growth: Growth };

/** How a bench is run. */
export interface Run {
  /** Fewer rounds and smaller loads: to see that it works, not to believe its numbers. */
  readonly quick: boolean;
  /** Says how far it has come. */
  readonly say: (line: string) => void;
}

/** A bench: measures, and yields what it finds as soon as it is known. */
export type Bench = (run: Run) => AsyncGenerator<Finding, void, undefined>;

/** The figure of all rounds: median, and the least and greatest. */
export function resultOf(
  head: Pick<Result, 'bench' | 'what' | 'unit'>,
  values: readonly number[],
  budget?: Budget,
): Finding {
  const sorted = [...values].sort((a, b) => a - b);
  const result = {
    ...head,
    median: quantile(sorted, 0.5),
    least: sorted[0] ?? Number.NaN,
    most: sorted.at(-1) ?? Number.NaN,
    rounds: sorted.length,
  };
  return { kind: 'result', result: budget === undefined ? result : { ...result, budget } };
}

/** The q-quantile of ascending values, between the two nearest. */
export function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Runs the sides in turn, round by round, so that what the machine does beside meets all of them. */
export async function alternate<Side extends string, T>(
  sides: Readonly<Record<Side, () => Promise<T>>>,
  rounds: number,
  say: (line: string) => void,
): Promise<Record<Side, T[]>> {
  const names = Object.keys(sides) as Side[];
  const found = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Side, T[]>;
  for (let round = 0; round < rounds; round += 1) {
    // Every other round the other way about: no side always comes first.
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      say(`round ${round + 1} of ${rounds}: ${name}`);
      found[name].push(await sides[name]());
    }
  }
  return found;
}

/** Round by round, the quotient of two sides. */
export function ratios(above: readonly number[], below: readonly number[]): number[] {
  return above.map((value, round) => value / (below[round] ?? Number.NaN));
}
