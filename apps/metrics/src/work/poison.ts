import { formatEventItem, type Poison } from '@app/engine';
import { ENGINE_FAILURE, type QuarantineEntry, type QuarantineStore } from '@app/state';
import { OCCURRENCES, type Telemetry } from '@app/telemetry';

/** What the engine could not apply, and records that cannot be read, go to quarantine and are counted. */
export class PoisonCabinet {
  constructor(
    private readonly quarantine: QuarantineStore,
    private readonly telemetry: Telemetry,
  ) {}

  /** Resolves when Redis has it; rejects when it has not: then the batch is tried again. */
  async setAside(partition: number, { item, reason }: Poison): Promise<void> {
    const source = `partition ${partition}`;
    const what = { source, accountId: accountOf(item), reason: ENGINE_FAILURE, detail: reason };
    await this.put(rawsOf(item).map((raw) => ({ ...what, raw: Buffer.from(raw) })));
  }

  /** A record that cannot be read counts as none, and the next commit overwrites it: its text is kept. */
  keepRecord(partition: number, accountId: string, text: string): void {
    const entry = {
      source: `partition ${partition}`,
      accountId,
      reason: 'unreadable-record',
      detail: 'an entity was stored in a form that cannot be read; it starts anew',
      raw: Buffer.from(text),
    };
    this.put([entry]).catch((error: unknown) => {
      this.telemetry.report(OCCURRENCES.redisTrouble, { during: 'quarantine' }, { err: error, partition });
    });
  }

  private async put(entries: readonly QuarantineEntry[]): Promise<void> {
    await this.quarantine.put(entries);
    for (const { reason, source, detail } of entries) {
      this.telemetry.report(OCCURRENCES.poisoned, { reason }, { source, detail });
    }
  }
}

/**
 * One text for each event, so that each can be replayed. What was held had been remembered, so it comes again as another
 * event. Where a timer failed and nothing was held, the text only tells at which entity.
 */
function rawsOf(item: Poison['item']): readonly string[] {
  if (item.kind === 'event') return [formatEventItem(item)];
  if (item.kind !== 'due' || item.held.length === 0) return [JSON.stringify(item)];
  const entities = [item.entity.kind];
  return item.held.map((event) => formatEventItem({ kind: 'event', event, entities, again: event.receivedAt }));
}

function accountOf(item: Poison['item']): string | null {
  switch (item.kind) {
    case 'event':
      return item.event.accountId;
    case 'due':
      return item.entity.accountId;
    case 'tick':
    case 'outage':
      return null;
  }
}
