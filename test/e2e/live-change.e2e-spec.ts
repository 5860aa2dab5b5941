import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadCatalog } from '../../apps/cli/src/catalog/load.js';
import { AppProcess } from '../support/app-process.js';
import { withoutClockReaders } from '../support/clock-readers.js';
import { freePort } from '../support/redis.js';
import { lastTimeOf, turnedAway } from '../support/turned-away.js';
import { cli, System, until } from './system.js';

/** So long after the last event everything has happened that is due within seconds, and nothing that is due in minutes (ms). */
const AFTER_MS = 60_000;

let system: System;
let replicas: readonly [AppProcess, AppProcess];

beforeEach(async () => {
  system = await System.start();
  await system.end('metrics');
  const env = () => ({ REDIS_URL: system.redis.url, LIVEMETER_CONFIG: system.config });
  replicas = [new AppProcess('metrics', await freePort(), env), new AppProcess('metrics', await freePort(), env)];
  for (const replica of replicas) await replica.start();
});

afterEach(async () => {
  for (const replica of replicas) await replica.end();
  await system.stop();
});

interface Told {
  readonly version: number;
  readonly metrics: readonly { readonly name: string }[];
  readonly refused: { readonly diagnostics: readonly string[] } | null;
}

async function told(replica: AppProcess): Promise<Told> {
  return (await (await fetch(`${replica.url}/v1/catalog`)).json()) as Told;
}

async function shown(replica: AppProcess, path: string): Promise<string> {
  return (await fetch(replica.url + path)).text();
}

/** Puts definitions of our own into the config folder, as an editor does. */
function write(...metrics: readonly string[]): void {
  const lines = metrics.map(
    (metric) => `  - { ${metric}, help: M., type: counter, for: conversation, on: MessageConsumerEvent }`,
  );
  writeFileSync(join(system.config, 'metrics', 'mine.yaml'), `metrics:\n${lines.join('\n')}\n`);
}

/** Waits until both replicas are at one version that has this metric. */
async function bothHave(name: string): Promise<number> {
  let versions: number[] = [];
  await until(`both replicas have ${name}`, async () => {
    const all = await Promise.all(replicas.map(told));
    versions = all.map(({ version }) => version);
    return versions[0] === versions[1] && all.every(({ metrics }) => metrics.some((metric) => metric.name === name));
  });
  return versions[0] ?? 0;
}

/** Leaves out our own metrics, and what is not of the catalog. */
function withoutOurs(exposition: string): string {
  return exposition.replace(/^(# (HELP|TYPE) )?(mine|livemeter)_\w+.*\n/gm, '');
}

function sumOf(exposition: string, name: string): number | null {
  const values = exposition.match(new RegExp(`^${name}\\{.*\\} \\d+$`, 'gm'));
  return values && values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

describe('a catalog changed under load', () => {
  it('is taken over by all replicas, or refused; nothing is lost, and what is untouched is as a replay tells', async () => {
    const file = join(system.dir, 'simulated.ndjson');
    const pace = ['--agents', '6', '--tempo', '20', '--sla', '60s', '--duration', '2m'];
    await cli('simulate', '--out', file, '--seed', '11', ...pace, '--shuffle', '--duplicates', '20%');
    const bodies = turnedAway(readFileSync(file, 'utf8').trimEnd().split('\n'));
    const [one, other] = replicas;
    const part = (nth: number) =>
      bodies.slice(Math.floor((bodies.length * nth) / 4), Math.floor((bodies.length * (nth + 1)) / 4));

    // Noticed by itself, in the files that both replicas read.
    write('name: mine_changes_total', 'name: mine_goes_total');
    const first = await bothHave('mine_goes_total');
    await system.postAll(part(0));

    // A valid change under load, told by a signal; a replica dies in the middle of it and comes back.
    const change = async (): Promise<void> => {
      write("name: mine_changes_total, value: '2'", 'name: mine_comes_total');
      one.signal('SIGHUP');
      await until('one replica switches', async () => (await told(one)).version > first);
      await other.end('SIGKILL');
      await other.start();
    };
    await Promise.all([system.postAll(part(1)), change()]);
    expect(await bothHave('mine_comes_total')).toBe(first + 1);

    // A broken change under load: it is refused with what is wrong, and the old catalog goes on.
    const broken = async (): Promise<void> => {
      write("name: mine_changes_total, value: 'evnt.time'");
      for (const app of replicas) {
        await until('it is refused', async () => (await told(app)).refused !== null);
        const { version, refused } = await told(app);
        expect([version, refused?.diagnostics]).toEqual([
          first + 1,
          [expect.stringMatching(/mine\.yaml:2:\d+: unknown-name: .*"evnt"/)],
        ]);
        expect(await shown(app, '/metrics/process')).toContain('livemeter_config_last_reload_successful 0\n');
      }
    };
    await Promise.all([system.postAll(part(2)), broken()]);
    write("name: mine_changes_total, value: '2'", 'name: mine_comes_total');
    await system.postAll(part(3));

    const replayed = await system.replay(system.record, '--until', String(lastTimeOf(bodies) + AFTER_MS));
    const steady = withoutClockReaders(await loadCatalog(system.config));
    const untouched = (exposition: string): string => withoutOurs(steady(exposition));
    const want = untouched(replayed);
    const all = (): Promise<string[]> => Promise.all(replicas.map((app) => shown(app, '/metrics')));
    let got: string[] = [];
    await until('the live metrics are at rest', async () => {
      got = await all();
      return got.every((text) => untouched(text) === want);
    }).catch(() => undefined);
    for (const text of got) {
      expect(untouched(text)).toBe(want);
      expect(sumOf(text, 'mine_goes_total')).toBeNull();
      const [changed, came, everything] = [
        sumOf(text, 'mine_changes_total') ?? 0,
        sumOf(text, 'mine_comes_total') ?? 0,
        sumOf(replayed, 'mine_comes_total') ?? 0,
      ];
      expect(changed).toBe(2 * came);
      expect(came).toBeGreaterThan(0);
      expect(came).toBeLessThan(everything);
    }
    for (const app of replicas) await until('it is accepted again', async () => (await told(app)).refused === null);
  }, 180_000);
});
