import type { ReplayRequests } from '@app/state';
import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import type { Gate } from '../gate.js';
import type { Replayer } from './replayer.js';

/** How often requests are looked for (ms). */
const EVERY_MS = 250;

/** What the desk works with. */
export interface DeskParts {
  readonly requests: Pick<ReplayRequests, 'take' | 'answer'>;
  readonly replayer: Pick<Replayer, 'replay'>;
  readonly gate: Pick<Gate, 'refusing'>;
  readonly telemetry: Telemetry;
}

/** Does what is asked for with `livemeter quarantine replay` or over REST, while this replica takes events. */
export class ReplayDesk {
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> | null = null;
  private stopped = false;

  constructor(private readonly parts: DeskParts) {}

  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.working = this.work().finally(() => this.start());
    }, EVERY_MS);
  }

  /** Ends after the request under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.working;
  }

  private async work(): Promise<void> {
    const { requests, replayer, gate, telemetry } = this.parts;
    if (gate.refusing !== null) return;
    try {
      for (let request = await requests.take(); request !== null; request = await requests.take()) {
        const outcomes = await replayer.replay(request.ids);
        for (const { id, result, detail } of outcomes)
          telemetry.report(OCCURRENCES.replayed, { result }, { id, detail });
        await requests.answer(request, outcomes);
        if (this.stopped) return;
      }
    } catch (error) {
      // Whoever asked hears nothing and may ask again: what was replayed is gone from the quarantine.
      telemetry.report(OCCURRENCES.redisTrouble, { during: 'replay' }, { err: error });
    }
  }
}
