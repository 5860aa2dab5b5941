import type { Probe } from './gate.js';

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
    this.finding = await this.look().catch((error: unknown) => `cannot be checked: ${String(error)}`);
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.start(), this.finding === null ? this.pace.everyMs : this.pace.againMs);
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }
}
