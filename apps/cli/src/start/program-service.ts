import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { builtMain } from '../project.js';
import type { Service } from './supervisor.js';

const POLL_MS = 50;
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;

/** One of our own programs, as `start` runs it. */
export interface ProgramOptions {
  /** The app under `apps/`. */
  readonly app: string;
  /** What it is called in messages. */
  readonly name: string;
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where it answers `/readyz`; null for a program that is ready when it runs. */
  readonly url: string | null;
  /** Given each line that it writes, to standard output and to standard error. */
  readonly onLine: (line: string) => void;
}

/**
 * An app, or a command of this one, as a child process in a group of its own (Ctrl-C reaches it through us, in order)
 * and on a leash (it does not outlive us).
 */
export function programService(options: ProgramOptions): Service {
  return {
    name: options.name,
    graceMs: STOP_WITHIN_MS,
    launch: () => launch(options),
    ready: (ended) => (options.url === null ? Promise.resolve() : untilReady(options.name, options.url, ended)),
  };
}

function launch({ app, args = [], env, onLine }: ProgramOptions): ChildProcess {
  const leash = new URL('./leash.js', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', leash, builtMain(app), ...args], {
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', onLine);
  }
  return child;
}

async function untilReady(name: string, url: string, ended: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  let missing = 'it does not answer';
  while (!ended.aborted && Date.now() < giveUpAt) {
    const answer = await askReady(url);
    if (answer === null) return;
    missing = answer;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${name} was not ready within ${READY_WITHIN_MS / 1000} s: ${missing}`);
}

/** What is missing, or null when it is ready. */
async function askReady(url: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    return response.ok ? null : await response.text();
  } catch {
    return 'it does not answer';
  }
}
