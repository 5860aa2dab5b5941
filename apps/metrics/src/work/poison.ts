import type { Poison } from '@app/engine';
import type { QuarantineEntry, QuarantineStore } from '@app/state';
import { OCCURRENCES, type Telemetry } from '@app/telemetry';

/** What the engine could not apply, and records that cannot be read, go to quarantine and are counted. */
export class PoisonCabinet {
  constructor(
    private readonly quarantine: QuarantineStore,
    private readonly telemetry: Telemetry,
  ) {}

  /** Resolves when Redis has it; rejects when it has not: then the batch is tried again. */
  async setAside(partition: number, { item, reason }: Poison): Promise<void> {
    await this.put({
      source: `partition ${partition}`,
      accountId: accountOf(item),
      reason: 'engine-failure',
      detail: reason,
      raw: Buffer.from(JSON.stringify(item)),
    });
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
    this.put(entry).catch((error: unknown) => {
      this.telemetry.report(OCCURRENCES.redisTrouble, { during: 'quarantine' }, { err: error, partition });
    });
  }

  private async put(entry: QuarantineEntry): Promise<void> {
    await this.quarantine.put([entry]);
    const { reason, source, detail } = entry;
    this.telemetry.report(OCCURRENCES.poisoned, { reason }, { source, detail });
  }
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
