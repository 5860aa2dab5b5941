import { Heap } from './heap.js';
import { Random } from './random.js';

/** How a run's deliveries differ from the order of its events. */
export interface Disorder {
  readonly seed: number;
  /** Each event is delivered within so long after its time (ms); 0 keeps the order. */
  readonly shuffleMs: number;
  /** The share of events, 0 to 1, that is delivered a second time. */
  readonly duplicates: number;
}

/** One request to be made. */
export interface Delivery {
  /** When it is due, in the time of the events (Unix ms). */
  readonly at: number;
  /** What it is about; deliveries of one subject are made one after the other. */
  readonly subject: string;
  /** The name of the subscription that it is for. */
  readonly endpoint: string;
  readonly body: string;
}

/** The longest shuffle that the engine's default hold puts in order again (ms). */
export const HOLD_MS = 250;

/** Half of the second copies come at once, as after an answer that came too late; the others within this time (ms). */
const LATE_COPY_MS = 120_000;
const PROMPT_COPY_MS = 2_000;

/**
 * Puts events into the order in which they arrive. With a shuffle of at most the engine's hold no event arrives later than the hold behind
 * the greatest event time before it. What is drawn here is drawn from streams of its own: the events stay the same.
 */
export class DeliveryPlan {
  private readonly waiting = new Heap<Delivery>();
  private readonly shuffling: Random;
  private readonly copying: Random;

  constructor(private readonly disorder: Disorder) {
    this.shuffling = new Random(disorder.seed, 'shuffle');
    this.copying = new Random(disorder.seed, 'duplicates');
  }

  /** When the next delivery is due (Unix ms); Infinity when there is none. */
  get dueAt(): number {
    return this.waiting.leastKey ?? Infinity;
  }

  /** Takes the next event; its `at` is its time, never before that of the event taken last. */
  add(event: Delivery): void {
    const { shuffleMs, duplicates } = this.disorder;
    const at = event.at + (shuffleMs > 0 ? this.shuffling.between(0, shuffleMs) : 0);
    this.waiting.push(at, { ...event, at });
    if (duplicates > 0 && this.copying.chance(duplicates)) {
      const copyAt = at + this.copying.between(1, this.copying.chance(0.5) ? PROMPT_COPY_MS : LATE_COPY_MS);
      this.waiting.push(copyAt, { ...event, at: copyAt });
    }
  }

  /** Takes out what is due at `untilMs` or before, in order. All events before that time must have been added. */
  *due(untilMs: number): Generator<Delivery, void, undefined> {
    while (this.dueAt <= untilMs) {
      const delivery = this.waiting.pop();
      if (delivery === undefined) return;
      yield delivery;
    }
  }
}

/** All deliveries of these events, which come in order of time, in order of arrival. Holds no more than what is yet to be delivered. */
export function* deliveries(events: Iterable<Delivery>, disorder: Disorder): Generator<Delivery, void, undefined> {
  const plan = new DeliveryPlan(disorder);
  for (const event of events) {
    plan.add(event);
    yield* plan.due(event.at);
  }
  yield* plan.due(Infinity);
}
