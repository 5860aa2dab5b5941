const MINUTE_MS = 60_000;

/** Windows reach back an hour and the running minute. */
const KEPT = 61;

/** Sums by the minute in which things happened, for windows that slide by whole minutes. */
export class Minutes {
  private readonly sums = new Map<string, Map<number, number>>();

  /** Adds to the minute of `time` (Unix ms). */
  add(name: string, time: number, amount: number): void {
    const minute = Math.floor(time / MINUTE_MS);
    const kept = this.sums.get(name) ?? new Map<number, number>();
    this.sums.set(name, kept);
    kept.set(minute, (kept.get(minute) ?? 0) + amount);
    if (kept.size <= 2 * KEPT) return;
    for (const old of kept.keys()) if (old < minute - KEPT) kept.delete(old);
  }

  /** The sum of so many full minutes before `time` and of the running one. */
  sum(name: string, time: number, minutes: number): number {
    const last = Math.floor(time / MINUTE_MS);
    let sum = 0;
    for (const [minute, amount] of this.sums.get(name) ?? [])
      if (minute >= last - minutes && minute <= last) sum += amount;
    return sum;
  }
}
