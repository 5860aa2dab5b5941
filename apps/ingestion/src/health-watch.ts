import { setTimeout as after } from 'node:timers/promises';
import type { Probe } from './gate.js';

/** A look that takes longer found that there is no answer (ms): a heartbeat that is missed for longer is an outage. */
const LOOK_MAX_MS = 800;

/** How often a {@link HealthWatch} looks. */
export interface Pace {
  /** While all is well (ms). */
  readonly everyMs: number;
  /** While something is wrong, so that its end is seen soon (ms). */
  readonly againMs: number;
}

/** Looks at something again and again, each time a pause after the last, and remembers what it found. */
export class HealthWatch {
  private finding: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  /** `look` resolves to what is wrong in words, or to null. When it rejects, that is what is wrong. */
  constructor(
    private readonly look: () => Promise<string | null>,
    private readonly pace: Pace,
  ) {}

  /** What was found last. */
  readonly probe: Probe = () => this.finding;

  /** Resolves after the first look; goes on looking until stopped. */
  async start(): Promise<void> {
    const late = new AbortController();
    const looked = this.look().catch((error: unknown) => `cannot be checked: ${String(error)}`);
    const silence = after(LOOK_MAX_MS, `cannot be checked: no answer within ${LOOK_MAX_MS} ms`, late);
    this.finding = await Promise.race([looked, silence.catch(() => null)]);
    late.abort();
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.start(), this.finding === null ? this.pace.everyMs : this.pace.againMs);
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }
}
