/** Beyond so many label sets a book begins anew: what is no longer asked for must not stay for ever. */
const MOST_SETS = 50_000;

/** The label values of a series, the account first. Within one book, equal values are one object. */
export class LabelSet {
  private readonly longer = new Map<string, LabelSet>();
  private asText: string | null = null;

  private constructor(
    readonly values: readonly string[],
    private readonly count: { sets: number },
  ) {}

  /** The set without any value, which begins a book. */
  static empty(): LabelSet {
    return new LabelSet([], { sets: 0 });
  }

  /** The values as JSON: by it a store knows the series. */
  get text(): string {
    return (this.asText ??= JSON.stringify(this.values));
  }

  /** How many sets the book knows. */
  get known(): number {
    return this.count.sets;
  }

  /** These values and one more. */
  with(value: string): LabelSet {
    const found = this.longer.get(value);
    if (found !== undefined) return found;
    const made = new LabelSet([...this.values, value], this.count);
    this.count.sets += 1;
    this.longer.set(value, made);
    return made;
  }
}

/**
 * Knows the label sets that were met lately, so that the array and the text of each are made once, and not with every event;
 * and sets are told apart as objects, which is faster than by their text.
 */
export class LabelBook {
  private empty = LabelSet.empty();

  /** The set of an account alone, to which others are added. */
  account(account: string): LabelSet {
    return this.empty.with(account);
  }

  /** The set of these values. */
  of(values: readonly string[]): LabelSet {
    let set = this.empty;
    for (const value of values) set = set.with(value);
    return set;
  }

  /** Forgets all when there are too many. Sets from before and after it are not to be compared. */
  trim(): void {
    if (this.empty.known > MOST_SETS) this.empty = LabelSet.empty();
  }
}

/** Identifies a series of a metric: by it a {@link RefusedCommit} names it. */
export function seriesId(metric: string, labelsText: string): string {
  return `${metric}${labelsText}`;
}
