import type { Terminal } from '../terminal.js';

const EVERY_MS = 500;

/** Tells a person how far a long run is, and how fast it goes. */
export class Progress {
  private readonly startedAt = performance.now();
  private shownAt = this.startedAt;

  constructor(private readonly terminal: Terminal) {}

  /** Called often; shows something now and then. */
  at(events: number): void {
    const now = performance.now();
    if (now - this.shownAt < EVERY_MS) return;
    this.shownAt = now;
    const perSecond = Math.round((events / (now - this.startedAt)) * 1000);
    this.terminal.progress(`${events.toLocaleString('en')} events, ${perSecond.toLocaleString('en')} per second`);
  }

  /** Takes the line away again. */
  done(): void {
    this.terminal.progress('');
  }
}
