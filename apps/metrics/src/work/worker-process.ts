import { type ChildProcess, fork } from 'node:child_process';
import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import type { AskFigures, Figures, FromWorker } from './worker-messages.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** A worker that ran for so long was well: the next pause is the first one again. */
const WELL_AFTER_MS = 30_000;

/** A worker tells every second that it lives; when it has not for so long, it hangs (ms). */
const SILENT_AFTER_MS = 5_000;

/** A worker that is told to end and has not by then is killed (ms); it gives up by itself before. */
const END_WITHIN_MS = 8_000;

/** How long figures are waited for (ms): a worker that hangs must not hold up a scrape. */
const FIGURES_WITHIN_MS = 1_000;

/** How long to wait before a worker is started again that has ended `ends` times in a row (from 1). */
export function pauseMs(ends: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (ends - 1));
}

export interface WorkerProcessOptions {
  /** From 1; what it is called by. */
  readonly number: number;
  /** The program, as built. */
  readonly entry: URL;
  readonly telemetry: Telemetry;
  /** A clock that only goes forward (ms). */
  readonly now: () => number;
}

/** One worker process, started again whenever it ends unasked. It ends by itself when this process is gone. */
export class WorkerProcess {
  private child: ChildProcess | null = null;
  private startedAt = 0;
  /** When it last said what it lacks, and what that was; null before the first time. */
  private heard: { readonly at: number; readonly lacks: string | null } | null = null;
  private ends = 0;
  private again: NodeJS.Timeout | null = null;
  private ended: Promise<void> | null = null;
  private answering: Answering | null = null;

  constructor(private readonly options: WorkerProcessOptions) {}

  get number(): number {
    return this.options.number;
  }

  /** What is wrong with it, in words; null when it works. */
  get trouble(): string | null {
    const { child, heard } = this;
    const name = `worker ${this.number}`;
    if (child === null) return this.ended === null ? `${name} is started again` : `${name} has ended`;
    if (heard === null) return `${name} is starting`;
    if (this.options.now() - heard.at > SILENT_AFTER_MS) return `${name} (process ${child.pid}) does not answer`;
    return heard.lacks === null ? null : `${name}: ${heard.lacks}`;
  }

  start(): void {
    const { entry, number, now } = this.options;
    // Figures may be infinite, or no number, which JSON cannot tell.
    const child = fork(entry, [String(number)], { serialization: 'advanced' });
    this.child = child;
    this.startedAt = now();
    this.heard = null;
    child.on('message', (message) => {
      if (this.child === child) this.hear(message as FromWorker);
    });
    child.on('error', (error) => this.onEnd(child, error.message));
    child.once('exit', (code, signal) => this.onEnd(child, signal ?? `code ${code}`));
  }

  /** Its figures; null when it does not answer soon. */
  async figures(): Promise<Figures | null> {
    const { child } = this;
    if (child === null || !child.connected) return null;
    if (this.answering === null) {
      this.answering = answering();
      const question: AskFigures = { kind: 'ask-figures' };
      // Without an answer the time is up; the end of the process is told of otherwise.
      child.send(question, () => undefined);
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), FIGURES_WITHIN_MS);
    });
    return Promise.race([this.answering.promise, late]).finally(() => clearTimeout(timer));
  }

  /** Lets it finish its jobs and give its partitions back; kills it when that takes too long. */
  end(): Promise<void> {
    this.ended ??= this.endNow();
    return this.ended;
  }

  private async endNow(): Promise<void> {
    const { child } = this;
    if (this.again !== null) clearTimeout(this.again);
    if (child === null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const kill = setTimeout(() => {
      const details = { worker: this.number, process: child.pid };
      this.options.telemetry.log.warn(details, 'a worker process did not end in time and is killed');
      child.kill('SIGKILL');
    }, END_WITHIN_MS);
    await gone;
    clearTimeout(kill);
  }

  private hear(message: FromWorker): void {
    if (message.kind === 'state') this.heard = { at: this.options.now(), lacks: message.lacks };
    else this.answer(message.figures);
  }

  private answer(figures: Figures | null): void {
    this.answering?.resolve(figures);
    this.answering = null;
  }

  private onEnd(child: ChildProcess, how: string): void {
    // What cannot even be started is told of once, and never exits.
    if (this.child !== child || (child.pid !== undefined && child.exitCode === null && child.signalCode === null))
      return;
    this.child = null;
    this.answer(null);
    if (this.ended !== null) return;
    const { number, telemetry, now } = this.options;
    this.ends = now() - this.startedAt < WELL_AFTER_MS ? this.ends + 1 : 1;
    const pause = pauseMs(this.ends);
    telemetry.report(
      OCCURRENCES.workerEnded,
      { worker: String(number) },
      { process: child.pid, how, againInMs: pause },
    );
    this.again = setTimeout(() => this.start(), pause);
  }
}

interface Answering {
  readonly promise: Promise<Figures | null>;
  readonly resolve: (figures: Figures | null) => void;
}

function answering(): Answering {
  let resolve: Answering['resolve'] = () => undefined;
  const promise = new Promise<Figures | null>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
