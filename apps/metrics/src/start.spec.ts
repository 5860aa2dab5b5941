import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MetricsReplica, metricsSettings } from '../../../test/support/metrics.js';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { createMetricsApp } from './app.js';
import { StartError } from '@app/telemetry';

const REDUCED = { LIVEMETER_DURABILITY: 'reduced' };

let redis: TestRedis;
let dir: string;

beforeAll(async () => {
  redis = await startTestRedis(['--appendfsync', 'everysec']);
  dir = mkdtempSync(join(tmpdir(), 'livemeter-config-'));
  mkdirSync(join(dir, 'metrics'));
  writeFileSync(join(dir, 'metrics', 'bad.yaml'), 'metrics:\n  - name: 1bad\n    tpye: counter\n');
});

afterAll(async () => {
  await redis.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Why it does not start with these settings. */
async function failure(env: Record<string, string>): Promise<string> {
  try {
    await createMetricsApp(metricsSettings(redis.url, env));
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
  return 'it started';
}

describe('the metrics app', () => {
  it('does not start with a broken catalog, and lists every error', async () => {
    const lines = (await failure({ LIVEMETER_CONFIG: dir })).split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(/bad\.yaml:\d+:\d+: [a-z-]+: .+ — .+/);
  });

  it('does not start without definitions', async () => {
    expect(await failure({ LIVEMETER_CONFIG: join(dir, 'nowhere') })).toContain('name the config folder');
    mkdirSync(join(dir, 'empty'));
    expect(await failure({ LIVEMETER_CONFIG: join(dir, 'empty') })).toContain('is this the config folder?');
  });

  it('does not start on a Redis that may lose something', async () => {
    expect(await failure({})).toBe(
      'Redis may lose events that were acknowledged:\n- appendfsync is everysec: set it to always\n' +
        'Set it up so, or accept the loss with LIVEMETER_DURABILITY=reduced.',
    );
  });

  it('starts when that is accepted, and says so', async () => {
    const reduced = await MetricsReplica.start(metricsSettings(redis.url, REDUCED));
    expect(await reduced.json('/readyz')).toEqual({
      status: 'ready',
      missing: {},
      reduced: { durability: 'appendfsync is everysec: set it to always' },
    });
    expect((await reduced.get('/metrics')).text).toContain('\nlivemeter_durable 0\n');
    await reduced.app.close();
  });

  it('does not start in another number of partitions than Redis is laid out in', async () => {
    expect(await failure({ ...REDUCED, LIVEMETER_PARTITIONS: '5' })).toContain('in 4 partitions, but 5 are asked for');
  });

  it('does not start on an address that others can reach', async () => {
    expect(await failure({ METRICS_HOST: '0.0.0.0' })).toContain('METRICS_HOST is 0.0.0.0');
  });
});
