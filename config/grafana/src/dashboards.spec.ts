import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DASHBOARDS } from './dashboards.js';
import { DATA_SOURCE } from './panel.js';

const DIR = join(import.meta.dirname, '../dashboards');

function written(file: string): string {
  return existsSync(join(DIR, file)) ? readFileSync(join(DIR, file), 'utf8') : '';
}

describe('the dashboards', () => {
  it.each([...DASHBOARDS])('%s is what its declaration says (UPDATE_GOLDEN=1 writes it)', (file, dashboard) => {
    const want = `${JSON.stringify(dashboard, null, 2)}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(DIR, { recursive: true });
      writeFileSync(join(DIR, file), want);
    }
    expect(written(file)).toBe(want);
  });

  it('are all there is in the folder', () => {
    expect(readdirSync(DIR).sort()).toEqual([...DASHBOARDS.keys()].sort());
  });

  it('lead only to dashboards that exist', () => {
    const uids = [...DASHBOARDS.values()].map(({ uid }) => uid);
    const led = [...DASHBOARDS.keys()].flatMap((file) =>
      [...written(file).matchAll(/"\/d\/([\w-]+)\?/g)].map((m) => m[1]),
    );
    expect(led.length).toBeGreaterThan(0);
    expect(led.filter((uid) => !uids.includes(uid))).toEqual([]);
  });

  it('read the data source that is provisioned', () => {
    const provisioned = readFileSync(join(DIR, '../provisioning/datasources/prometheus.yml'), 'utf8');
    expect(provisioned).toContain(`uid: ${DATA_SOURCE.uid}\n`);
  });
});
