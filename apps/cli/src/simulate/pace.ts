/** LivePerson wants an answer within this time, always (ms). */
const SLOW_MS = 2_500;

/** An endpoint that stays slower for longer may be disabled without warning (ms). */
const PATIENCE_MS = 120_000;

/** Watches whether endpoints answer in time. */
export class Pace {
  private readonly slowSince = new Map<string, number>();
  private readonly disabled = new Set<string>();

  /** The endpoints that LivePerson might have disabled by now. */
  get slow(): readonly string[] {
    return [...this.disabled];
  }

  /** An answer of an endpoint, or that none came: how long it took (ms), and the present instant (ms of the sender's clock). */
  note(endpoint: string, tookMs: number, now: number): void {
    if (tookMs <= SLOW_MS) {
      this.slowSince.delete(endpoint);
      return;
    }
    const since = this.slowSince.get(endpoint) ?? now;
    this.slowSince.set(endpoint, since);
    if (now - since > PATIENCE_MS) this.disabled.add(endpoint);
  }
}
