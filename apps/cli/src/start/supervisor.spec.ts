import { spawn } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { pauseMs, type Service, Supervisor } from './supervisor.js';

/** A program of one line, ready when it says something. */
function program(script: string): { service: Service; launches: () => number; pid: () => number } {
  let launches = 0;
  let pid = 0;
  let saidSomething: Promise<void> = Promise.resolve();
  const service: Service = {
    name: 'it',
    graceMs: 10_000,
    launch: () => {
      launches += 1;
      const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      pid = child.pid ?? 0;
      saidSomething = new Promise((resolve) => child.stdout.once('data', () => resolve()));
      return child;
    },
    ready: () => saidSomething,
  };
  return { service, launches: () => launches, pid: () => pid };
}

const RUNS = "console.log('up'); setInterval(() => {}, 1000)";

describe('a supervised program', () => {
  it('is an error when it ends before it was ready', async () => {
    const { service } = program('process.exit(3)');
    await expect(new Supervisor(service, () => undefined).start()).rejects.toThrow(
      'it ended with code 3 before it was ready.',
    );
  });

  it('is started again when it was killed, and stays stopped when told to stop', async () => {
    const { service, launches, pid } = program(RUNS);
    let restarted = (): void => undefined;
    const lines: string[] = [];
    const supervisor = new Supervisor(
      { ...service, launch: () => (launches() > 0 && restarted(), service.launch()) },
      (line) => lines.push(line),
    );
    await supervisor.start();
    const again = new Promise<void>((resolve) => (restarted = resolve));
    process.kill(pid(), 'SIGKILL');
    await again;
    expect(lines).toEqual(['it was ended by SIGKILL; starting it again in 0.25 s.']);
    await supervisor.stop();
    expect(launches()).toBe(2);
    expect(lines).toHaveLength(1);
  });

  it('cannot be run at all', async () => {
    const service: Service = {
      name: 'it',
      graceMs: 1_000,
      launch: () => spawn('/no/such/program'),
      ready: () => new Promise(() => undefined),
    };
    const supervisor = new Supervisor(service, () => undefined);
    await expect(supervisor.start()).rejects.toThrow('it could not be run: spawn /no/such/program ENOENT');
    await supervisor.stop();
  });

  it.each([
    { ends: 1, want: 250 },
    { ends: 2, want: 500 },
    { ends: 5, want: 4_000 },
    { ends: 7, want: 10_000 },
    { ends: 2_000, want: 10_000 },
  ])('waits $want ms after $ends ends in a row', ({ ends, want }) => {
    expect(pauseMs(ends)).toBe(want);
  });
});
