import { Worker } from 'node:worker_threads';
import type { CoverageSnapshot } from './coverage.js';
import type { FileResult } from './share.js';
import type { TestSource } from './test-files.js';

/** What a thread is to run. */
export interface Task {
  readonly configDir: string;
  readonly files: readonly TestSource[];
}

/** What it found. */
export interface TaskDone {
  readonly files: readonly FileResult[];
  readonly seen: CoverageSnapshot;
}

/** Runs files of tests in a thread of its own. Rejects when the thread fails, as when the definitions have just changed. */
export function runInThread(task: Task): Promise<TaskDone> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./thread.js', import.meta.url), { workerData: task });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`a thread of tests ended with code ${code}`)));
  });
}
