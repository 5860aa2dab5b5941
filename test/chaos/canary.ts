import type { FaultLog } from './fault-log.js';

/** Counts each canary as a series of its own, so that one sees which have arrived. */
export const CANARY_METRIC = `metrics:
  - name: chaos_canaries_total
    help: Events whose way through the system is timed.
    type: counter
    for: conversation
    on: AppActionEvent
    when: event.viewName == 'CANARY'
    labels: { canary: event.conversationId }
`;

/** The body of a canary: an event that no other metric knows. */
export function canaryBody(id: string, atMs: number): string {
  return JSON.stringify({
    commonHeader: {
      accountId: '84731',
      uid: `uid-${id}`,
      schemaVersion: '1-0-0',
      eventTimestamp: atMs,
      eventType: 'AppActionEvent',
      webhookSubscriptionId: 'chaos',
    },
    data: { convDetails: { convId: id }, viewName: 'CANARY', actionName: 'SEEN' },
  });
}

interface Flight {
  readonly sentAt: number;
  takenAt: number | null;
  seen: boolean;
}

/** What one waited for longest while a fault of a kind lasted, and until it was overcome (ms). */
export interface Gap {
  /** From the first attempt to the 200. */
  refusedMs: number;
  /** From the 200 to being seen in /metrics, the hold left out. */
  behindMs: number;
}

/** Times canaries, and blames what they waited for on the faults of that time. Times are of this process (ms). */
export class Canaries {
  private readonly flights = new Map<string, Flight>();
  private readonly gaps = new Map<string, Gap>();

  constructor(
    private readonly holdMs: number,
    private readonly faults: FaultLog,
  ) {}

  get unseen(): number {
    return [...this.flights.values()].filter((flight) => !flight.seen).length;
  }

  sent(id: string, now: number): void {
    this.flights.set(id, { sentAt: now, takenAt: null, seen: false });
  }

  taken(id: string, now: number): void {
    const flight = this.flights.get(id);
    if (flight === undefined) return;
    flight.takenAt = now;
    this.blame(flight.sentAt, now, 'refusedMs');
  }

  /** A reading of /metrics. */
  look(exposition: string, now: number): void {
    for (const [, id = ''] of exposition.matchAll(/^chaos_canaries_total\{.*canary="([^"]*)"/gm)) {
      const flight = this.flights.get(id);
      if (flight === undefined || flight.seen) continue;
      flight.seen = true;
      // One that is seen before its sender heard 200 was not waited for.
      this.blame((flight.takenAt ?? now) + this.holdMs, now, 'behindMs');
    }
  }

  /** By kind of fault; `none` is what one waited for while there was none. */
  get longest(): ReadonlyMap<string, Gap> {
    return this.gaps;
  }

  private blame(from: number, to: number, what: keyof Gap): void {
    for (const kind of this.faults.during(from, to)) {
      const gap = this.gaps.get(kind) ?? { refusedMs: 0, behindMs: 0 };
      gap[what] = Math.max(gap[what], to - from);
      this.gaps.set(kind, gap);
    }
  }
}
