import type { ChildProcess } from 'node:child_process';
import { Failure } from '../failure.js';

/** One program that `start` keeps running. */
export interface Service {
  readonly name: string;
  /** Starts the program; called again after each unexpected end. */
  launch(): ChildProcess;
  /** Resolves when it can serve; rejects when it will not. Given up on when the program ends first. */
  ready(ended: AbortSignal): Promise<void>;
  /** Asks the program to end; after `graceMs` it is killed. */
  readonly graceMs: number;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A program that ran this long was well: the next pause is the first one again. */
const WELL_AFTER_MS = 30_000;

/** How long to wait before a program is started again that has ended `ends` times in a row (from 1). */
export function pauseMs(ends: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (ends - 1));
}

/**
 * Keeps one program running. A first start that fails is an error, since the same would happen again; an end later on
 * is reported, and the program is started again after a pause that grows.
 */
export class Supervisor {
  #child: ChildProcess | null = null;
  #up = false;
  #stopping = false;
  #again: NodeJS.Timeout | null = null;
  #ends = 0;
  readonly #endedEarly = new AbortController();

  constructor(
    private readonly service: Service,
    private readonly report: (line: string) => void,
  ) {}

  /** Starts the program; resolves when it is ready. Throws a {@link Failure} when it ends before. */
  async start(): Promise<void> {
    const signal = this.#endedEarly.signal;
    const early = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Failure(String(signal.reason))), { once: true });
    });
    this.#launch();
    await Promise.race([early, this.service.ready(signal)]);
    this.#up = true;
  }

  /** Ends the program, for good. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#again !== null) clearTimeout(this.#again);
    const child = this.#child;
    if (child === null || !isRunning(child)) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const kill = setTimeout(() => {
      this.report(`${this.service.name} did not stop within ${this.service.graceMs / 1000} s: killed.`);
      child.kill('SIGKILL');
    }, this.service.graceMs);
    await gone;
    clearTimeout(kill);
  }

  #launch(): void {
    const since = Date.now();
    const child = this.service.launch();
    this.#child = child;
    child.once('error', (error) => this.#onEnd(`could not be run: ${error.message}`, since));
    child.once('exit', (code, signal) => this.#onEnd(howEnded(code, signal), since));
  }

  #onEnd(how: string, since: number): void {
    if (!this.#up) this.#endedEarly.abort(`${this.service.name} ${how} before it was ready.`);
    if (this.#stopping || !this.#up) return;
    this.#ends = Date.now() - since < WELL_AFTER_MS ? this.#ends + 1 : 1;
    const pause = pauseMs(this.#ends);
    this.report(`${this.service.name} ${how}; starting it again in ${pause / 1000} s.`);
    this.#again = setTimeout(() => this.#launch(), pause);
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function howEnded(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
}
