import { setImmediate } from 'node:timers/promises';

/** How long one slice of work may run (ms) before other work of the process gets its turn. */
const SLICE_MS = 8;

/** Cuts a long computation into slices, so that it never holds the event loop for long. */
export class Pace {
  #startedAt = performance.now();

  /** Whether the slice is used up: the caller should `await rest()`. */
  due(): boolean {
    return performance.now() - this.#startedAt >= SLICE_MS;
  }

  /** Lets everything that waits run, then starts a new slice. */
  async rest(): Promise<void> {
    await setImmediate();
    this.#startedAt = performance.now();
  }
}
