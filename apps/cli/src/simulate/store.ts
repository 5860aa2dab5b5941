import type { Delivery } from './delivery.js';
import { Heap } from './heap.js';

/** A delivery on its way. */
export interface Parcel {
  readonly delivery: Delivery;
  /** Grows with every parcel. */
  readonly order: number;
  /** Since when it is held back (ms of the sender's clock); null for one that goes straight through. */
  storedAt: number | null;
}

/** The parcels of one subject to one endpoint, the oldest first. */
export interface Lane {
  readonly key: string;
  readonly waiting: Parcel[];
}

/** The lanes that have something to send, and which of them is next. */
export class Store {
  private readonly lanes = new Map<string, Lane>();
  private readonly straight = new Heap<Lane>();
  private readonly heldBack = new Heap<Lane>();
  private turn = false;

  /** `besides`: whether what is new goes beside what is held back, or behind all of it. */
  constructor(private readonly besides: boolean) {}

  /** How many lanes could be sent from now. */
  get ready(): number {
    return this.straight.size + this.heldBack.size;
  }

  /** Puts a parcel at the end of its lane. */
  put(key: string, parcel: Parcel): Lane {
    const found = this.lanes.get(key);
    if (found !== undefined) {
      found.waiting.push(parcel);
      return found;
    }
    const lane = { key, waiting: [parcel] };
    this.lanes.set(key, lane);
    this.offer(lane);
    return lane;
  }

  /** Takes out the lane whose turn it is. Of one subject nothing else goes out until it is put back. */
  next(): Lane | undefined {
    this.turn = !this.turn;
    const [first, second] = this.turn ? [this.heldBack, this.straight] : [this.straight, this.heldBack];
    return first.pop() ?? second.pop();
  }

  /** Gives a lane back that was taken out. */
  putBack(lane: Lane): void {
    if (lane.waiting.length > 0) this.offer(lane);
    else this.lanes.delete(lane.key);
  }

  /** Holds back everything that waits, and answers how many that makes more. */
  holdBack(now: number): number {
    let more = 0;
    for (const { waiting } of this.lanes.values()) {
      for (const parcel of waiting) {
        if (parcel.storedAt !== null) continue;
        parcel.storedAt = now;
        more += 1;
      }
    }
    return more;
  }

  private offer(lane: Lane): void {
    const [head] = lane.waiting;
    if (head === undefined) return;
    const queue = this.besides && head.storedAt !== null ? this.heldBack : this.straight;
    queue.push(head.order, lane);
  }
}
