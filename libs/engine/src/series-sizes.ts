import { seriesId } from './label-set.js';
import type { SeriesDelta } from './store.js';

/** How many label sets each metric has, by metric and account. */
export type Sizes = Map<string, Map<string, number>>;

/** The label sets of one metric and account during a commit. */
interface Changed {
  readonly metric: string;
  readonly account: string;
  size: number;
  limit: number;
  readonly fresh: string[];
}

/** What a commit changes in the sizes of metrics: kept only when the commit is. */
export class ChangedSizes {
  private readonly changed = new Map<string, Changed>();

  constructor(private readonly sizes: Sizes) {}

  /** A label set comes (1) or goes (-1). */
  note({ metric, labels, labelsText, limit }: SeriesDelta, by: 1 | -1): void {
    const [account = ''] = labels;
    const key = `${metric} ${account}`;
    let found = this.changed.get(key);
    if (found === undefined) {
      found = { metric, account, size: this.sizes.get(metric)?.get(account) ?? 0, limit, fresh: [] };
      this.changed.set(key, found);
    }
    found.size += by;
    if (by > 0) found.fresh.push(seriesId(metric, labelsText));
  }

  /** What is new beyond a limit: the last of those that came. */
  overLimit(): string[] {
    return [...this.changed.values()].flatMap(({ size, limit, fresh }) =>
      size > limit ? fresh.slice(Math.max(0, fresh.length - (size - limit))) : [],
    );
  }

  keep(): void {
    for (const { metric, account, size } of this.changed.values()) {
      const accounts = this.sizes.get(metric) ?? new Map<string, number>();
      if (size > 0) accounts.set(account, size);
      else accounts.delete(account);
      this.sizes.set(metric, accounts);
    }
  }
}
