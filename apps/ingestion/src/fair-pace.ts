/** So many events may wait before anybody is slowed down: a few seconds' work. */
export const CALM_EVENTS = 8_000;

/** The longest that a 200 is held back (ms). LivePerson waits for 5 s. */
export const MOST_PAUSE_MS = 2_000;

const BUCKETS = 10;
const BUCKET_MS = 1_000;

/** The most accounts that are told apart in a second; the others are none of those that send much. */
const MOST_ACCOUNTS = 10_000;

/** What was stored in one second, by account. */
interface Bucket {
  second: number;
  readonly events: Map<string, number>;
}

/**
 * Accounts share the queues, and whoever fills them makes the others wait. So when much waits, the 200 of an account that
 * sends more than its share comes later: a sender has so many requests under way and no more, and slows down. Nothing is
 * refused (503 is for when storing would fail), and what is stored is stored as ever. Shares are those of the last ten
 * seconds at this replica.
 */
export class FairPace {
  /** Events that wait in the queues, as last looked at. */
  backlog = 0;
  private readonly buckets: Bucket[] = Array.from({ length: BUCKETS }, () => ({ second: -1, events: new Map() }));
  /** What all buckets hold together, by account and in all. */
  private readonly sums = new Map<string, number>();
  private all = 0;

  /** `now`: a monotonic time (ms). */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Notes that events of an account were stored; how long its 200 is to be held back (ms). */
  pauseFor(account: string, events: number): number {
    this.note(account, events);
    return this.backlog <= CALM_EVENTS ? 0 : this.pauseNow(account);
  }

  private note(account: string, events: number): void {
    const second = Math.floor(this.now() / BUCKET_MS);
    for (const bucket of this.buckets) if (bucket.second <= second - BUCKETS) this.forget(bucket);
    const bucket = this.buckets[second % BUCKETS];
    if (bucket === undefined) return;
    bucket.second = second;
    const known = bucket.events.get(account);
    if (known === undefined && bucket.events.size >= MOST_ACCOUNTS) return;
    bucket.events.set(account, (known ?? 0) + events);
    this.sums.set(account, (this.sums.get(account) ?? 0) + events);
    this.all += events;
  }

  private forget({ events }: Bucket): void {
    for (const [account, count] of events) {
      const left = (this.sums.get(account) ?? 0) - count;
      if (left > 0) this.sums.set(account, left);
      else this.sums.delete(account);
      this.all -= count;
    }
    events.clear();
  }

  /** Longer with the part of its share that it is above it, and with what waits. */
  private pauseNow(account: string): number {
    const fair = this.all / this.sums.size;
    const own = this.sums.get(account) ?? 0;
    if (own <= fair) return 0;
    const urgency = Math.min(1, (this.backlog - CALM_EVENTS) / CALM_EVENTS);
    return MOST_PAUSE_MS * urgency * (1 - fair / own);
  }
}
