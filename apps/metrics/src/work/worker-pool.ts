import type { Telemetry } from '@app/telemetry';
import { Gauge } from 'prom-client';
import type { Figures } from './worker-messages.js';
import { WorkerProcess } from './worker-process.js';

/** The program of a worker: beside this one, as built. */
const ENTRY = new URL('../worker.js', import.meta.url);

export interface WorkerPoolOptions {
  readonly count: number;
  readonly telemetry: Telemetry;
  /** A clock that only goes forward (ms). */
  readonly now: () => number;
}

/** The worker processes that work this app's share of the partitions, while this one serves. */
export class WorkerPool {
  private readonly workers: readonly WorkerProcess[];

  constructor({ count, telemetry, now }: WorkerPoolOptions) {
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    this.workers = numbers.map((number) => new WorkerProcess({ number, entry: ENTRY, telemetry, now }));
    const { workers } = this;
    new Gauge({
      name: 'livemeter_worker_up',
      help: '1 while the worker process of this number works, 0 while it starts, hangs, or lacks something.',
      labelNames: ['worker'],
      registers: [telemetry.registry],
      collect() {
        for (const { number, trouble } of workers) this.set({ worker: String(number) }, trouble === null ? 1 : 0);
      },
    });
  }

  start(): void {
    for (const worker of this.workers) worker.start();
  }

  /** What is wrong with workers, in words; null when all work. */
  get trouble(): string | null {
    const troubles = this.troubles;
    return troubles.length === 0 ? null : troubles.join('; ');
  }

  /** Whether any works: then all partitions are worked, if more slowly. */
  get works(): boolean {
    return this.troubles.length < this.workers.length;
  }

  /** The figures of those that answer, by their number. */
  async figures(): Promise<ReadonlyMap<number, Figures>> {
    const all = await Promise.all(this.workers.map(async (worker) => [worker.number, await worker.figures()] as const));
    return new Map(all.flatMap(([number, figures]) => (figures === null ? [] : [[number, figures] as const])));
  }

  /** Lets all finish their jobs and give their partitions back; takes no longer than a few seconds. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.end()));
  }

  private get troubles(): readonly string[] {
    return this.workers.flatMap(({ trouble }) => trouble ?? []);
  }
}
