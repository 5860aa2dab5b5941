/** A sleep that can be cut short. One sleeper at a time. */
export class Alarm {
  private rung = false;
  private wake: (() => void) | null = null;

  /** Sleeps `ms` (null: until rung). Returns at once if the alarm rang since the last sleep. */
  async sleep(ms: number | null): Promise<void> {
    if (!this.rung) await this.slept(ms);
    this.rung = false;
  }

  /** Ends the sleep under way, or the next one. */
  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  private slept(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === null ? null : setTimeout(() => this.wake?.(), ms);
      this.wake = () => {
        if (timer !== null) clearTimeout(timer);
        this.wake = null;
        resolve();
      };
    });
  }
}

/** Waits for the end of something, but no longer than `ms`. Rejects as it does. */
export async function waitFor(ended: Promise<unknown>, ms: number): Promise<void> {
  const patience = new Alarm();
  const end = ended.finally(() => patience.ring());
  await Promise.race([end, patience.sleep(ms)]);
}

/** Waiting times that double from `firstMs` to `lastMs`. */
export class Backoff {
  private nextMs: number;

  constructor(
    private readonly firstMs: number,
    private readonly lastMs: number,
  ) {
    this.nextMs = firstMs;
  }

  /** How long to wait now (ms). */
  next(): number {
    const ms = this.nextMs;
    this.nextMs = Math.min(ms * 2, this.lastMs);
    return ms;
  }

  /** What was tried has succeeded. */
  reset(): void {
    this.nextMs = this.firstMs;
  }
}
