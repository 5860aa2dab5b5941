/** Lets so many requests through per second, and after a rest a second's worth at once. */
export class Rate {
  private left: number;
  private at: number;

  /** `now`: a monotonic time (ms). */
  constructor(
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.left = perSecond;
    this.at = now();
  }

  /** Whether one more may come now; it is then counted. */
  take(): boolean {
    const now = this.now();
    this.left = Math.min(this.perSecond, this.left + ((now - this.at) * this.perSecond) / 1_000);
    this.at = now;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
