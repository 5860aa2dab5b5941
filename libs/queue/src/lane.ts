import { effectiveInstants, type Stamped } from './intake.js';

/**
 * The items were not acknowledged. `refused`: they are certainly not in the queue; `unknown`: they may be, since the
 * connection broke or Redis did not answer in time.
 */
export class QueueUnavailable extends Error {
  override readonly name = 'QueueUnavailable';

  constructor(
    readonly outcome: 'refused' | 'unknown',
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** What Redis answered to one batch: the job's id, and the floor before it (ms). */
export interface Receipt {
  readonly job: number;
  readonly floor: number;
}

/** What became of the items of one call. */
export interface Added {
  /** Per item, the instant that counts (ms): its own, or that of an item before it in the partition if later. */
  readonly effective: readonly number[];
  /** The BullMQ job in which the last of them went. */
  readonly job: number;
}

export interface LaneOptions<T> {
  /** A batch holds at most this many items. */
  readonly maxBatch: number;
  /** What an item weighs, and the most that a batch of several entries weighs; null: nothing. */
  readonly weight: { readonly of: (item: T) => number; readonly most: number } | null;
  /** An item that has no answer by then is rejected (ms). */
  readonly timeoutMs: number;
}

interface Entry<T> {
  readonly items: readonly Stamped<T>[];
  readonly resolve: (added: Added) => void;
  readonly reject: (error: QueueUnavailable) => void;
  readonly timer: ReturnType<typeof setTimeout>;
  state: 'waiting' | 'sent' | 'settled';
}

/**
 * Group commit of one partition: an item that finds no add under way goes at once, else it waits for that add and goes
 * with all that came meanwhile. Batches grow by themselves under load, and order is kept.
 */
export class Lane<T> {
  private waiting: Entry<T>[] = [];
  private busy = false;

  constructor(
    private readonly send: (items: readonly Stamped<T>[]) => Promise<Receipt>,
    private readonly options: LaneOptions<T>,
  ) {}

  /** Resolves when Redis has stored the items; rejects with {@link QueueUnavailable}, at the latest when time is up. */
  async add(items: readonly Stamped<T>[]): Promise<Added> {
    const { maxBatch } = this.options;
    if (items.length <= maxBatch) return this.enter(items);
    const parts: Promise<Added>[] = [];
    for (let i = 0; i < items.length; i += maxBatch) parts.push(this.enter(items.slice(i, i + maxBatch)));
    const added = await Promise.all(parts);
    return { effective: added.flatMap((part) => part.effective), job: Math.max(...added.map((part) => part.job)) };
  }

  private enter(items: readonly Stamped<T>[]): Promise<Added> {
    return new Promise((resolve, reject) => {
      const entry: Entry<T> = {
        items,
        resolve,
        reject,
        timer: setTimeout(() => this.expire(entry), this.options.timeoutMs),
        state: 'waiting',
      };
      this.waiting.push(entry);
      if (!this.busy) void this.drain();
    });
  }

  /** One add after the other, until nothing waits. */
  private async drain(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0) {
      const batch = this.nextBatch();
      try {
        settle(batch, await this.send(batch.flatMap((entry) => entry.items)));
      } catch (error) {
        fail(batch, asUnavailable(error));
      }
    }
    this.busy = false;
  }

  private nextBatch(): Entry<T>[] {
    const { maxBatch, weight } = this.options;
    let size = 0;
    let weighs = 0;
    let count = 0;
    for (const entry of this.waiting) {
      size += entry.items.length;
      if (weight !== null) weighs += entry.items.reduce((sum, { data }) => sum + weight.of(data), 0);
      if (count > 0 && (size > maxBatch || weighs > (weight?.most ?? Infinity))) break;
      entry.state = 'sent';
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  /** What has not been sent by now never is; of what has, nobody knows. */
  private expire(entry: Entry<T>): void {
    const outcome = entry.state === 'waiting' ? 'refused' : 'unknown';
    if (entry.state === 'waiting') this.waiting = this.waiting.filter((other) => other !== entry);
    fail([entry], new QueueUnavailable(outcome, `no answer of Redis within ${this.options.timeoutMs} ms`));
  }
}

function settle<T>(batch: readonly Entry<T>[], receipt: Receipt): void {
  const instants = batch.flatMap((entry) => entry.items.map((item) => item.at));
  const effective = effectiveInstants(receipt.floor, instants);
  let from = 0;
  for (const entry of batch) {
    const to = from + entry.items.length;
    if (leave(entry)) entry.resolve({ effective: effective.slice(from, to), job: receipt.job });
    from = to;
  }
}

function fail<T>(batch: readonly Entry<T>[], error: QueueUnavailable): void {
  for (const entry of batch) if (leave(entry)) entry.reject(error);
}

/** False when the entry had its answer already. */
function leave<T>(entry: Entry<T>): boolean {
  if (entry.state === 'settled') return false;
  entry.state = 'settled';
  clearTimeout(entry.timer);
  return true;
}

function asUnavailable(error: unknown): QueueUnavailable {
  if (error instanceof QueueUnavailable) return error;
  return new QueueUnavailable('unknown', error instanceof Error ? error.message : String(error), error);
}
