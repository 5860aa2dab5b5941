import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { childrenOf } from '../support/child-processes.js';
import { freePort } from '../support/redis.js';
import { ROOT } from './catalogs.js';

/** A program of the project, or a baseline, as a process of its own. */
export interface Program {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to its first "ready" (ms). */
  readonly startMs: number;
  stop(): Promise<void>;
}

/** The settings that every program of a bench has. */
const COMMON = { LOG_LEVEL: 'silent', LP_KEY: 'bench', LIVEMETER_MAX_BACKLOG: '100000000' };

type Environment = Readonly<Record<string, string>>;

/** An app, as built. */
export function startApp(app: 'ingestion' | 'metrics' | 'archive', env: Environment): Promise<Program> {
  return start(`dist/apps/${app}/src/main.js`, `${app.toUpperCase()}_PORT`, env);
}

/** A baseline of `test/bench/baseline` that serves HTTP. */
export function startBaseline(name: string, env: Environment): Promise<Program> {
  return start(`dist/test/bench/baseline/${name}.js`, 'INGESTION_PORT', env);
}

/** A program without a port, which ends when it is told to. */
export function startWorker(file: string, env: Environment): ChildProcess {
  return spawn(process.execPath, [join(ROOT, file)], {
    env: environment(env),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Ends a process and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** CPU time that a process and those that it has started have used so far (s); NaN where there is no `/proc`. */
export function cpuSeconds(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + ownCpuSeconds(one), 0);
}

function ownCpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

/** CPU time that a Redis has used so far (s). */
export async function redisCpuSeconds(redis: Redis): Promise<number> {
  const text = await redis.info('cpu');
  const names = ['used_cpu_sys', 'used_cpu_user'];
  return names.reduce((sum, name) => sum + Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(text)?.[1]), 0);
}

/** Memory that a process has resident now, or at most so far (MiB); NaN where there is no `/proc`. */
export function residentMiB(pid: number, when: 'now' | 'peak' = 'now'): number {
  const field = when === 'now' ? /VmRSS:\s+(\d+)/ : /VmHWM:\s+(\d+)/;
  try {
    return Number(field.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

async function start(file: string, portName: string, env: Environment): Promise<Program> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = startWorker(file, { ...env, [portName]: String(port) });
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`${file} ended with code ${child.exitCode}`);
    await after(10);
  }
  const startMs = performance.now() - startedAt;
  return { url, pid: child.pid ?? 0, startMs, stop: () => end(child) };
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}

function environment(env: Environment): NodeJS.ProcessEnv {
  return { ...process.env, ...COMMON, LIVEMETER_CONFIG: join(ROOT, 'config'), ...env };
}
