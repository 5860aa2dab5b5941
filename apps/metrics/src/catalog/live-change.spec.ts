import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger, Telemetry } from '@app/telemetry';
import { startTestRedis, type TestRedis } from '../../../../test/support/redis.js';
import { ACCOUNT, MetricsReplica, metricsSettings, Sender } from '../../../../test/support/metrics.js';
import { Redis } from 'ioredis';
import { CatalogRegistry } from '@app/state';
import { CatalogInForce, CatalogUnusable } from './catalog-in-force.js';
import { ConfigWatch } from './config-watch.js';
import { type CompiledFiles, loadOwnFiles } from './own-files.js';
import { folderSignature } from '@app/config';

const metric = (name: string, value = '1') =>
  `  - { name: ${name}, help: M., type: counter, for: conversation, on: MessageConsumerEvent, value: '${value}' }`;
const yaml = (...metrics: string[]) => `metrics:\n${metrics.join('\n')}\n`;

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-live-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A config folder with one file of definitions. */
function folder(name: string, text: string): string {
  mkdirSync(join(dir, name, 'metrics'), { recursive: true });
  writeFileSync(join(dir, name, 'metrics', 'a.yaml'), text);
  return join(dir, name);
}

async function compiled(configDir: string): Promise<CompiledFiles> {
  const loaded = await loadOwnFiles(configDir);
  if (!loaded.ok) throw new Error(loaded.diagnostics.join('\n'));
  return loaded;
}

describe('a watched config folder', () => {
  let proposed: string[];
  let telemetry: Telemetry;

  async function watch(configDir: string): Promise<ConfigWatch> {
    proposed = [];
    telemetry = new Telemetry(createLogger('metrics', 'silent'));
    const propose = ({ files }: CompiledFiles) => {
      proposed.push(/name: (\w+)/.exec(files)?.[1] ?? '');
      return Promise.resolve({ version: proposed.length }) as never;
    };
    const signature = await folderSignature(configDir);
    const { files } = await compiled(configDir);
    return new ConfigWatch({ configDir, inForce: { propose }, telemetry, now: () => 5_000 }, { files, signature });
  }

  it('is loaded once, when a change has stood still from one look to the next', async () => {
    const config = folder('config', yaml(metric('a_total')));
    const watched = await watch(config);
    await watched.look();
    writeFileSync(join(config, 'metrics', 'a.yaml'), 'metrics: [');
    await watched.look();
    writeFileSync(join(config, 'metrics', 'a.yaml'), yaml(metric('b_total')));
    await watched.look();
    expect([proposed, watched.refusal]).toEqual([[], null]);
    await watched.look();
    await watched.look();
    expect(proposed).toEqual(['b_total']);
  });

  it('is refused whole, with all that is wrong, until it is right again', async () => {
    const config = folder('config', yaml(metric('a_total')));
    const watched = await watch(config);
    writeFileSync(
      join(config, 'metrics', 'a.yaml'),
      yaml(metric('a_total', 'evnt.time'), metric('b', '1'), metric('c_total')),
    );
    for (let look = 0; look < 4; look += 1) await watched.look();
    expect(watched.refusal).toEqual({
      at: 5_000,
      diagnostics: [
        expect.stringMatching(/metrics\/a\.yaml:2:.*unknown-name.*"evnt"/),
        expect.stringMatching(/metrics\/a\.yaml:3:.*invalid-name.*_total/),
      ],
    });
    const own = await telemetry.registry.metrics();
    expect(own).toContain('livemeter_config_last_reload_successful 0\n');
    expect(own).toContain('livemeter_catalog_refusals_total 1\n');
    rmSync(join(config, 'metrics'), { recursive: true });
    await watched.look();
    await watched.look();
    expect(watched.refusal?.diagnostics).toEqual([expect.stringContaining('is this the config folder?')]);
    folder('config', yaml(metric('a_total')));
    await watched.look();
    await watched.look();
    expect([proposed, watched.refusal]).toEqual([[], null]);
    expect(await telemetry.registry.metrics()).toContain('livemeter_config_last_reload_successful 1\n');
  });

  it('may be a ConfigMap, whose links turn', async () => {
    const config = join(dir, 'config');
    mkdirSync(join(config, 'metrics'), { recursive: true });
    for (const [version, name] of [
      ['..1', 'a_total'],
      ['..2', 'b_total'],
    ] as const) {
      mkdirSync(join(config, 'metrics', version));
      writeFileSync(join(config, 'metrics', version, 'a.yaml'), yaml(metric(name)));
    }
    symlinkSync('..1', join(config, 'metrics', '..data'));
    symlinkSync('..data/a.yaml', join(config, 'metrics', 'a.yaml'));
    const watched = await watch(config);
    symlinkSync('..2', join(config, 'metrics', '..data_tmp'));
    await rename(join(config, 'metrics', '..data_tmp'), join(config, 'metrics', '..data'));
    await watched.look();
    await watched.look();
    expect(proposed).toEqual(['b_total']);
  });

  it('is loaded at once when that is asked for, and proposed though nothing has changed', async () => {
    const config = folder('config', yaml(metric('a_total')));
    const watched = await watch(config);
    await watched.reload();
    expect(proposed).toEqual(['a_total']);
  });
});

describe('the catalog in force', () => {
  let server: TestRedis;
  let redis: Redis;
  const following: CatalogInForce[] = [];

  beforeEach(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
  });
  afterEach(async () => {
    for (const inForce of following.splice(0)) inForce.stop();
    redis.disconnect();
    await server.stop();
  });

  async function replica(by: string, text: string): Promise<CatalogInForce> {
    const telemetry = new Telemetry(createLogger('metrics', 'silent'));
    const options = { registry: new CatalogRegistry(redis), telemetry, by };
    const inForce = await CatalogInForce.open(options, await compiled(folder(by, text)));
    following.push(inForce);
    return inForce;
  }

  /** As a worker has it. */
  async function follower(): Promise<CatalogInForce> {
    const telemetry = new Telemetry(createLogger('metrics', 'silent'));
    const inForce = await CatalogInForce.following({ registry: new CatalogRegistry(redis), telemetry, by: 'worker' });
    following.push(inForce);
    return inForce;
  }
  const namesOf = async (inForce: CatalogInForce) => (await inForce.now()).catalog.metrics.map(({ name }) => name);

  it('is compiled by each replica from what was proposed, tables and all', async () => {
    const one = await replica('one', yaml(metric('a_total')));
    mkdirSync(join(dir, 'two', 'metrics', 'tables'), { recursive: true });
    writeFileSync(join(dir, 'two', 'metrics', 'tables', 't.csv'), 'id,team\nx,Red\n');
    const two = await replica('two', `tables: { t: { file: tables/t.csv } }\n${yaml(metric('b_total'))}`);
    expect([await namesOf(one), await namesOf(two)]).toEqual([['b_total'], ['b_total']]);
    const { version, proposedBy } = await one.now();
    expect([version, proposedBy]).toEqual([2, 'two']);
    await one.propose(await compiled(folder('one', yaml(metric('c_total')))));
    expect([await namesOf(one), await namesOf(two)]).toEqual([['c_total'], ['c_total']]);
  });

  it('that cannot be compiled here is not worked with, until there is another', async () => {
    const one = await replica('one', yaml(metric('a_total')));
    const turns: boolean[] = [];
    one.onChange((usable) => turns.push(usable));
    const registry = new CatalogRegistry(redis);
    await registry.propose({
      fingerprint: 'f',
      by: 'a newer version',
      files: '{"definitions":[],"tables":[]}',
      metrics: [],
    });
    await expect(one.now()).rejects.toThrow(CatalogUnusable);
    await expect(one.now()).rejects.toThrow('version 2, proposed by a newer version');
    expect(one.unusable).toContain('cannot be used');
    await replica('two', yaml(metric('b_total')));
    expect([await namesOf(one), one.unusable, turns]).toEqual([['b_total'], null, [false, true]]);
  });

  it('is followed by who proposes nothing, also when that cannot be used at first, and when Redis has lost it', async () => {
    const none = await follower();
    await expect(none.now()).rejects.toThrow(CatalogUnusable);
    const registry = new CatalogRegistry(redis);
    const unreadable = {
      fingerprint: 'f',
      by: 'a newer version',
      files: '{"definitions":[],"tables":[]}',
      metrics: [],
    };
    await registry.propose(unreadable);
    const late = await follower();
    expect(late.unusable).toContain('cannot be used');
    const turns: boolean[] = [];
    late.onChange((usable) => turns.push(usable));
    const one = await replica('one', yaml(metric('a_total')));
    expect([await namesOf(none), await namesOf(late), late.unusable, turns]).toEqual([
      ['a_total'],
      ['a_total'],
      null,
      [true],
    ]);
    await redis.del('{lm}:catalog');
    await expect(late.now()).rejects.toThrow(CatalogUnusable);
    expect(await registry.current()).toBeNull();
    expect([await namesOf(one), await namesOf(late)]).toEqual([['a_total'], ['a_total']]);
    expect((await registry.current())?.proposedBy).toBe('one');
  });

  it('goes on when Redis has lost it', async () => {
    const one = await replica('one', yaml(metric('a_total')));
    await redis.del('{lm}:catalog');
    expect(await namesOf(one)).toEqual(['a_total']);
    expect((await new CatalogRegistry(redis).current())?.fingerprint).toBe(one.term.fingerprint);
  });
});

describe('two replicas', () => {
  it('change together: what is untouched keeps its values, what has changed starts anew, what was removed is gone', async () => {
    const server = await startTestRedis();
    const config = folder('config', yaml(metric('kept_total'), metric('changed_total'), metric('removed_total')));
    const settings = metricsSettings(server.url, { LIVEMETER_CONFIG: config, LIVEMETER_HOLD_MS: '0' });
    const replicas = [await MetricsReplica.start(settings), await MetricsReplica.start(settings)] as const;
    const sender = await Sender.start(server.url);
    const write = async (count: number) => {
      const now = await sender.now();
      for (let n = 0; n < count; n += 1) await sender.send('MessageConsumerEvent', now, { conversationId: `c${n}` });
    };
    const both = async (path: string, ...parts: string[]) => {
      for (const each of replicas) await each.until(path, ...parts);
    };
    const of = (name: string, value: number) => `${name}{account_id="${ACCOUNT}"} ${value}\n`;
    await write(12);
    await both('/metrics', of('kept_total', 12), of('changed_total', 12), of('removed_total', 12));

    writeFileSync(
      join(config, 'metrics', 'a.yaml'),
      yaml(metric('kept_total'), metric('changed_total', '2'), metric('new_total')),
    );
    await replicas[0].app.reload();
    await both('/v1/catalog', '"version":2');
    await write(12);
    await both(
      '/metrics',
      of('kept_total', 24),
      of('changed_total', 24),
      of('new_total', 12),
      'livemeter_catalog_version 2\n',
    );
    for (const each of replicas) expect((await each.get('/metrics')).text).not.toContain('removed_total');

    writeFileSync(join(config, 'metrics', 'a.yaml'), yaml(metric('kept_total', 'event.nothing')));
    await Promise.all(replicas.map((each) => each.app.reload()));
    await both('/v1/catalog', '"version":2', 'unknown-name', 'a.yaml:2:');
    await both('/metrics/process', 'livemeter_config_last_reload_successful 0\n');
    await write(12);
    await both('/metrics', of('kept_total', 36), of('changed_total', 48), of('new_total', 24));

    await sender.stop();
    await Promise.all(replicas.map((each) => each.app.close()));
    await server.stop();
  }, 60_000);

  it('switch partitions to which nothing comes', async () => {
    const server = await startTestRedis();
    const gauge = (name: string) => `  - { name: ${name}, help: G., type: gauge, over: conversation }`;
    const config = folder('config', yaml(gauge('a')));
    const replica = await MetricsReplica.start(metricsSettings(server.url, { LIVEMETER_CONFIG: config }));
    const sender = await Sender.start(server.url);
    for (let n = 0; n < 12; n += 1) {
      await sender.send('MessageConsumerEvent', await sender.now(), { conversationId: `c${n}` });
    }
    await replica.until('/metrics', `a{account_id="${ACCOUNT}"} 12\n`);
    writeFileSync(join(config, 'metrics', 'a.yaml'), yaml(gauge('b')));
    await replica.app.reload();
    await replica.until('/metrics', `b{account_id="${ACCOUNT}"} 12\n`);
    await sender.stop();
    await replica.app.close();
    await server.stop();
  }, 30_000);
});
