import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSettings, type Settings } from '@app/telemetry';
import { appsNamed, planApps, urlOf } from './plan.js';

let taken: Server;
let port: number;

beforeEach(async () => {
  taken = createServer();
  port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
  });
});

afterEach(async () => {
  await new Promise((resolve) => taken.close(resolve));
});

function settings(env: Record<string, string>): Settings {
  const read = readSettings(env);
  if (!read.ok) throw new Error(read.errors.join());
  return read.settings;
}

describe('where the apps listen', () => {
  it('refuses a port that is taken, and names the variable', async () => {
    const asked = { apps: appsNamed('metrics'), demo: false, chosen: () => true, report: () => undefined };
    await expect(planApps(asked, settings({ METRICS_PORT: String(port) }))).rejects.toThrow(
      `127.0.0.1:${port} is taken (or not an address of this machine), so metrics cannot listen there — ` +
        `stop what uses it, or set METRICS_PORT, such as METRICS_PORT=${port + 100}`,
    );
  });

  it('takes a free port in a demo, and says so', async () => {
    const lines: string[] = [];
    const asked = {
      apps: appsNamed('ingestion'),
      demo: true,
      chosen: () => true,
      report: (line: string) => void lines.push(line),
    };
    const [plan] = await planApps(asked, settings({ INGESTION_PORT: String(port) }));
    expect(plan?.port).not.toBe(port);
    expect(lines).toEqual([`Port ${port} is taken: ingestion listens on ${plan?.port} instead.`]);
  });

  it('takes a free port for port 0', async () => {
    const asked = { apps: appsNamed('ingestion'), demo: false, chosen: () => true, report: () => undefined };
    const [plan] = await planApps(asked, settings({ INGESTION_PORT: '0' }));
    expect(plan?.port).toBeGreaterThan(0);
  });

  it.each([
    { host: '127.0.0.1', want: 'http://127.0.0.1:8421' },
    { host: '0.0.0.0', want: 'http://127.0.0.1:8421' },
    { host: '::', want: 'http://[::1]:8421' },
    { host: 'meter.example', want: 'http://meter.example:8421' },
  ])('is reached, when listening on $host, at $want', ({ host, want }) => {
    expect(urlOf({ app: 'metrics', host, port: 8421, variable: 'METRICS_PORT' })).toBe(want);
  });

  it('takes another port for the archive app where nobody has chosen one', async () => {
    const asked = { apps: appsNamed('archive'), demo: false, chosen: () => false, report: () => undefined };
    const [plan] = await planApps(asked, settings({ ARCHIVE_PORT: String(port) }));
    expect(plan?.port).not.toBe(port);
  });

  it('runs all unless one is named', () => {
    expect(appsNamed(undefined)).toEqual(['ingestion', 'metrics', 'archive']);
    expect(appsNamed(undefined, false)).toEqual(['ingestion', 'metrics']);
    expect(appsNamed('metrics')).toEqual(['metrics']);
    expect(() => appsNamed('metric')).toThrow(
      '"metric" is no app — write ingestion or metrics or archive, or none of them for all',
    );
  });
});
