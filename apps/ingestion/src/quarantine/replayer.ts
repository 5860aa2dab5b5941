import { parseEventItem } from '@app/engine';
import type { Clock } from '@app/queue';
import { ENGINE_FAILURE, type KeptQuarantineEntry, type QuarantineStore, type ReplayOutcome } from '@app/state';
import { type Delivery, sortDelivery } from '../delivery.js';
import type { Intake } from '../intake.js';
import type { Source } from '../sources/sources.js';

/** What replaying works with. */
export interface ReplayerParts {
  readonly store: Pick<QuarantineStore, 'get' | 'drop'>;
  readonly sources: Pick<ReadonlyMap<string, Source>, 'get'>;
  readonly clock: Clock;
  readonly intake: Intake;
  readonly recording: boolean;
  readonly personalData: boolean;
}

/** Why an entry stays. */
class Refusal {
  constructor(readonly detail: string) {}
}

/**
 * Takes entries of the quarantine in again, on the way of everything that is received. An entry counts as received now:
 * the partition's time has gone on, its lag is what it is, and so is what it means for deadlines. It is taken out only
 * when all of it is stored; one that comes twice is a duplicate.
 */
export class Replayer {
  constructor(private readonly parts: ReplayerParts) {}

  /** What became of each entry, in order. Never rejects: whatever goes wrong, the entry stays. */
  async replay(ids: readonly string[]): Promise<readonly ReplayOutcome[]> {
    const outcomes: ReplayOutcome[] = [];
    for (const id of ids) outcomes.push(await this.one(id));
    return outcomes;
  }

  private async one(id: string): Promise<ReplayOutcome> {
    try {
      const entry = await this.parts.store.get(id);
      if (entry === null) return { id, result: 'gone', detail: 'there is no such entry' };
      const stored = entry.reason === ENGINE_FAILURE ? await this.item(entry) : await this.delivery(entry);
      if (stored instanceof Refusal) return { id, result: 'failed', detail: stored.detail };
      await this.parts.store.drop([id]);
      return { id, result: 'queued', detail: stored };
    } catch (error) {
      return { id, result: 'failed', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  /** What the engine could not apply; its definitions may be mended by now. */
  private async item(entry: KeptQuarantineEntry): Promise<string | Refusal> {
    const item = parseEventItem(text(entry));
    if (item === null) return new Refusal('it holds no event that could be replayed: drop it');
    await this.parts.intake.again(item, this.parts.clock.now());
    return '1 accepted';
  }

  private async delivery(entry: KeptQuarantineEntry): Promise<string | Refusal> {
    const { sources, clock, intake, recording, personalData } = this.parts;
    const source = sources.get(entry.source);
    if (source === undefined) return new Refusal(`there is no source "${entry.source}" any more`);
    if (entry.keptBytes < entry.rawBytes) {
      return new Refusal(`only ${entry.keptBytes} of its ${entry.rawBytes} bytes are kept: it has to be sent again`);
    }
    const headers = entry.accountId === null ? {} : { 'x-liveperson-account-id': entry.accountId };
    const receivedAt = clock.now();
    const delivery = sortDelivery({
      source,
      headers,
      body: Buffer.from(entry.raw),
      receivedAt,
      recording,
      personalData,
    });
    const again = delivery.quarantined[0];
    if (again !== undefined && delivery.events.length === 0) return new Refusal(`${again.reason}: ${again.detail}`);
    await intake.store({ source: source.name, accountId: entry.accountId, receivedAt }, delivery);
    return summary(delivery);
  }
}

function text({ raw }: KeptQuarantineEntry): string {
  return Buffer.from(raw).toString('utf8');
}

function summary({ events, quarantined, unknown, withoutEntity }: Delivery): string {
  const ignored = unknown.length + withoutEntity;
  const parts = [`${events.length} accepted`];
  if (quarantined.length > 0) parts.push(`${quarantined.length} quarantined anew`);
  if (ignored > 0) parts.push(`${ignored} ignored`);
  return parts.join(', ');
}
