import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { childrenOf, livingOf } from '../support/child-processes.js';
import { comesToReplay, simulated } from './simulated.js';
import { System, until } from './system.js';

const WORKERS = 3;

/** A new Redis has as many. */
const PARTITIONS = 8;

let system: System;

beforeEach(async () => {
  system = await System.start({ env: () => ({ METRICS_WORKERS: String(WORKERS) }) });
  await allWork();
}, 60_000);

afterEach(() => system.stop(), 60_000);

async function processPage(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${system.ports.metrics}/metrics/process`)).text();
}

/** What a family says of each worker, by its number. */
async function ofWorkers(family: string): Promise<Record<string, number>> {
  const samples = (await processPage()).matchAll(new RegExp(`^${family}\\{worker="(\\d)"\\} (\\d+)$`, 'gm'));
  return Object.fromEntries([...samples].map(([, worker = '', value]) => [worker, Number(value)]));
}

/** Resolves when every worker has its even share of the partitions. */
async function allWork(): Promise<void> {
  await until('all workers have their share', async () => {
    const shares = Object.values(await ofWorkers('livemeter_partitions_owned'));
    return (
      shares.length === WORKERS && shares.every((count) => count === 2 || count === 3) && sum(shares) === PARTITIONS
    );
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function workers(): number[] {
  return childrenOf(system.pid('metrics'));
}

interface Ready {
  readonly status: string;
  readonly reduced: Readonly<Record<string, string>>;
}

describe('three workers', () => {
  it('work all partitions, each its share, to the numbers of a replay; the one that serves works none', async () => {
    const bodies = await simulated(system.dir);
    await system.postAll(bodies);
    await comesToReplay(system, bodies);
    expect(workers()).toHaveLength(WORKERS);
    expect(await ofWorkers('livemeter_worker_up')).toEqual({ 1: 1, 2: 1, 3: 1 });
    expect(await processPage()).toMatch(/^livemeter_partitions_owned 0$/m);
    for (const jobs of Object.values(await ofWorkers('livemeter_job_duration_seconds_count')))
      expect(jobs).toBeGreaterThan(0);
    expect(await system.json('/readyz')).toEqual({ status: 'ready', missing: {}, reduced: {} });
  });

  it('may be killed: others take over, the numbers are exact, and it is started again', async () => {
    const bodies = await simulated(system.dir);
    const half = Math.floor(bodies.length / 2);
    await system.postAll(bodies.slice(0, half));
    const before = workers();
    const [killed = 0, stopped = 0] = before;
    process.kill(killed, 'SIGKILL');
    await system.postAll(bodies.slice(half));
    await comesToReplay(system, bodies);
    await allWork();
    expect(workers().filter((pid) => !before.includes(pid))).toHaveLength(1);
    expect(Object.values(await ofWorkers('livemeter_worker_ends_total'))).toEqual([1]);
    // One that hangs is named; the app is ready all the same, and its figures come without the other's.
    process.kill(stopped, 'SIGSTOP');
    let ready: Ready | null = null;
    await until('it is named', async () => {
      ready = (await system.json('/readyz')) as Ready;
      return Object.keys(ready.reduced).length > 0;
    });
    expect(ready).toMatchObject({
      status: 'ready',
      missing: {},
      reduced: { workers: expect.stringMatching(new RegExp(`^worker \\d \\(process ${stopped}\\) does not answer$`)) },
    });
    await until(
      'the others have all partitions',
      async () => sum(Object.values(await ofWorkers('livemeter_partitions_owned'))) === PARTITIONS,
    );
    expect(Object.keys(await ofWorkers('livemeter_partitions_owned'))).toHaveLength(WORKERS - 1);
    process.kill(stopped, 'SIGCONT');
    await allWork();
    await comesToReplay(system, bodies);
  });

  it('do not outlive the one that serves, however it ends', async () => {
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const before = workers();
      expect(before).toHaveLength(WORKERS);
      await system.end('metrics', signal);
      if (signal === 'SIGKILL') await until('no worker is left', async () => livingOf(before).length === 0);
      expect(livingOf(before)).toEqual([]);
      await system.launch('metrics');
      await allWork();
    }
  });

  it('all take over a catalog that is changed live', async () => {
    const metric = '{ name: mine_total, help: M., type: counter, for: conversation, on: ConversationRequestEvent }';
    writeFileSync(join(system.config, 'metrics', 'mine.yaml'), `metrics:\n  - ${metric}\n`);
    await until('it is in force', async () => (await system.metricsPage()).includes('# TYPE mine_total counter'));
    const bodies = Array.from({ length: 20 * PARTITIONS }, (_, index) => requestOf(`u${index}`));
    await system.postAll(bodies);
    await until('each event is counted once, whatever its partition', async () => {
      const counts = [...(await system.metricsPage()).matchAll(/^mine_total\{.*\} (\d+)$/gm)].map(([, count]) =>
        Number(count),
      );
      return sum(counts) === bodies.length;
    });
    const told = system
      .output('metrics')
      .matchAll(/^\{.*"worker":"(\d)".*this replica works with the catalog in force.*$/gm);
    expect([...told].map(([, worker]) => worker).sort()).toEqual(['1', '2', '3']);
  });
});

function requestOf(uid: string): string {
  const header = { accountId: '84731', uid, schemaVersion: '1-0-0', eventTimestamp: Date.now() };
  const data = { convDetails: { convId: `c-${uid}` } };
  return JSON.stringify({ commonHeader: { ...header, eventType: 'ConversationRequestEvent' }, data });
}
