import type { Terminal } from '../terminal.js';
import type { ReadMeter } from './meter.js';

const EVERY_MS = 500;

/** Tells a person how far a long run is, how fast it goes, and how long it will take. */
export class Progress {
  private readonly startedAt = performance.now();
  private shownAt = this.startedAt;

  constructor(
    private readonly terminal: Terminal,
    private readonly meter: ReadMeter,
  ) {}

  /** Called often; shows something now and then. */
  at(events: number): void {
    const now = performance.now();
    if (now - this.shownAt < EVERY_MS) return;
    this.shownAt = now;
    this.terminal.progress(progressLine(events, now - this.startedAt, this.meter.share()));
  }

  /** Takes the line away again. */
  done(): void {
    this.terminal.progress('');
  }
}

/** What is shown after so many events and ms, when this part of the input (0 to 1) has been read; null: not known. */
export function progressLine(events: number, elapsedMs: number, share: number | null): string {
  const perSecond = Math.round((events / elapsedMs) * 1000);
  const rate = `${events.toLocaleString('en')} events, ${perSecond.toLocaleString('en')} per second`;
  if (share === null || share === 0) return rate;
  const left = Math.ceil((elapsedMs / share - elapsedMs) / 1000);
  return `${rate}, ${Math.floor(share * 100)} %, ${durationText(left)} left`;
}

function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
