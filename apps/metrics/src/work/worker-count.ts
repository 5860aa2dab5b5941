import { availableParallelism, totalmem } from 'node:os';

/** More on one machine would wait for one Redis. */
const MOST = 8;

/** What one process of the metrics app wants while it is busy (bytes). */
const MEMORY_OF_ONE = 512 * 2 ** 20;

/** What the processes of one metrics app share. */
export interface Machine {
  readonly cores: number;
  /** Of the machine, or of the container where that has less. */
  readonly memoryBytes: number;
}

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  // Without a limit it is 0, or more than any machine has.
  const limit = process.constrainedMemory();
  return { cores: availableParallelism(), memoryBytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem() };
}

/**
 * How many processes of one metrics app work partitions: as many as asked for, or as the machine has cores and memory for
 * beside the one that serves; a partition is worked by one.
 */
export function workerCount(asked: number | null, partitions: number, { cores, memoryBytes }: Machine): number {
  const byMachine = Math.min(cores - 1, Math.floor(memoryBytes / MEMORY_OF_ONE) - 1, MOST);
  return Math.max(1, Math.min(asked ?? byMachine, partitions));
}
