import { entityOf, type Event } from '@app/event';
import type { EventItem, Item } from '@app/engine';
import { type Outage, partitionOf, type PartitionProducer } from '@app/queue';
import type { Accepted, Delivery } from './delivery.js';
import type { EventRecord, RecordPlace } from './record/record.js';
import { eventLine, outageLine } from './record/record-line.js';
import { type Instants, isComplete, noteInstants, type Share, sharesOf } from './shares.js';
import type { Archive, Receipt } from './archive/archive.js';
import type { Origin, Shelf } from './shelf.js';

/** What has no answer by then counts as failed (ms): a sender hears 503 within a second. */
const PATIENCE_MS = 900;

/** Where events go. */
export interface IntakeTargets {
  readonly producer: Pick<PartitionProducer<Item>, 'add'>;
  readonly partitions: number;
  readonly shelf: Shelf;
  /** Null when none is kept. */
  readonly record: EventRecord | null;
  readonly archive: Archive | null;
}

/** Stores what was received: into the queues, the quarantine, the lists of unknown types, and the record. */
export class Intake {
  constructor(private readonly targets: IntakeTargets) {}

  /** Resolves when all of the delivery is on disk; rejects when that failed or took too long: then it may come again. */
  async store(origin: Origin, delivery: Delivery): Promise<void> {
    const { events, quarantined, unknown } = delivery;
    // The order of these calls is the order of receipt: nothing is waited for before the last of them.
    const receipt = this.targets.archive?.take(origin, delivery) ?? null;
    const queued = events.length > 0 || receipt !== null ? this.queue(events, receipt) : null;
    const aside: Promise<void>[] = [];
    if (quarantined.length > 0) aside.push(this.targets.shelf.quarantine(origin, quarantined));
    if (unknown.length > 0) aside.push(this.targets.shelf.keepUnknown(origin, unknown));
    if (aside.length > 0 || receipt !== null || this.targets.record !== null)
      await inTime(Promise.all([queued, ...aside]));
    else await queued;
  }

  /**
   * Puts an event that the engine could not apply into the queues again, received at `receivedAt` (ms). It is not recorded:
   * the record has it since it was accepted.
   */
  async again(item: EventItem, receivedAt: number): Promise<void> {
    const event = { ...item.event, receivedAt };
    for (const kind of item.entities) {
      const ref = entityOf(event, kind);
      if (ref === null) continue;
      const partition = partitionOf(ref.accountId, ref.id, this.targets.partitions);
      await this.targets.producer.add(partition, [{ at: receivedAt, data: { ...item, event, entities: [kind] } }]);
    }
  }

  /** Puts the outage into every partition's queue, and into the record. */
  async declare({ from, to }: Outage): Promise<void> {
    const place = this.targets.record?.take();
    const partitions = Array.from({ length: this.targets.partitions }, (_, partition) => partition);
    const outage: Item = { kind: 'outage', from, to };
    try {
      await Promise.all(
        partitions.map((partition) => this.targets.producer.add(partition, [{ at: to, data: outage }])),
      );
    } catch (error) {
      // It will be declared again, with a later end.
      void place?.fill('').catch(() => undefined);
      throw error;
    }
    await Promise.all([place?.fill(outageLine(from, to)), this.targets.archive?.outage(from, to)]);
  }

  private queue(accepted: readonly Accepted[], receipt: Receipt | null): Promise<unknown> {
    const events = accepted.map(({ event }) => event);
    const place = accepted.length > 0 ? this.targets.record?.take() : undefined;
    if (place === undefined && receipt === null) return this.add(events);
    return this.addKept(accepted, events, { place, receipt });
  }

  /** Record and archive are told the instants that counted, and only of what is in the queues. */
  private async addKept(accepted: readonly Accepted[], events: readonly Event[], { place, receipt }: Kept) {
    const instants: Instants[] = events.map(() => ({ conversation: null, agent: null }));
    const outcome = await this.add(events, instants).then(
      () => null,
      (error: unknown) => ({ error }),
    );
    const lines = accepted.map(({ event, json }, index) => {
      const of = instants[index];
      return of !== undefined && isComplete(event, of) ? eventLine(of, json) : '';
    });
    await Promise.all([place?.fill(lines.join('')), receipt?.store(instants)]);
    if (outcome !== null) throw outcome.error;
  }

  /** Adds each partition's share; waits for all of them, so that what is noted in `instants` is final. */
  private async add(events: readonly Event[], instants?: readonly Instants[]): Promise<void> {
    const shares = sharesOf(events, this.targets.partitions);
    const adds: Promise<void>[] = [];
    for (const [partition, share] of shares) adds.push(this.addShare(partition, share, instants));
    if (adds.length === 1) return adds[0];
    const failed = (await Promise.allSettled(adds)).find((add) => add.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private async addShare(partition: number, share: Share, instants?: readonly Instants[]): Promise<void> {
    const added = await this.targets.producer.add(partition, share.items);
    if (instants !== undefined) noteInstants(instants, share, added);
  }
}

/** Where else what is queued is kept. */
interface Kept {
  readonly place: RecordPlace | undefined;
  readonly receipt: Receipt | null;
}

/** The promise, or a rejection when it takes too long. The queue itself keeps this time. */
function inTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not stored within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
