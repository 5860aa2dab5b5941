import { parentPort, workerData } from 'node:worker_threads';
import { loadWatched } from '../catalog/load.js';
import { Coverage } from './coverage.js';
import { runFiles } from './share.js';
import type { Task, TaskDone } from './threads.js';

// A thread of `livemeter test`: compiles the catalog for itself, since compiled expressions cannot be passed on.
const { configDir, files } = workerData as Task;
const coverage = new Coverage();
const { catalog } = await loadWatched(configDir, coverage.watch);
const done: TaskDone = { files: await runFiles(catalog, files, coverage.trace), seen: coverage.snapshot() };
parentPort?.postMessage(done);
