import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { System, until } from '../e2e/system.js';
import { Prometheus } from './prometheus.js';

const CLI = join(import.meta.dirname, '../../apps/cli/bin/livemeter.mjs');
const DIR = join(import.meta.dirname, '../../config/grafana/dashboards');

/** A slow machine takes its time until the first deadline is missed (ms). */
const PATIENCE_MS = 180_000;

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** Every query of every panel, as Grafana would ask it with all accounts and agents chosen. */
const queries = readdirSync(DIR).flatMap((file) => {
  const { panels } = JSON.parse(readFileSync(join(DIR, file), 'utf8')) as { panels: readonly Panel[] };
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({
      panel: `${file}: ${title}`,
      expr: expr.replaceAll(/\$(account|agent)\b/g, '.*').replaceAll('$__rate_interval', '30s'),
    })),
  );
});

let system: System;
let prometheus: Prometheus;
let simulator: ChildProcess;

beforeAll(async () => {
  system = await System.start({
    config: 'shipped',
    env: (dir) => ({ LIVEMETER_ARCHIVE: join(dir, 'archive'), LIVEMETER_ARCHIVE_FLUSH_MS: '500' }),
  });
  await system.launch('archive');
  prometheus = await Prometheus.start(system.ports);
  const url = `http://127.0.0.1:${system.ports.ingestion}/v1/events/liveperson`;
  const pace = ['--agents', '20', '--tempo', '40', '--sla', '60s', '--seed', '7'];
  simulator = spawn(process.execPath, [CLI, 'simulate', '--url', url, '--key', system.key, ...pace], {
    stdio: 'ignore',
  });
});

afterAll(async () => {
  simulator.kill('SIGKILL');
  await prometheus.stop();
  await system.stop();
});

describe('a real Prometheus that reads a busy system', () => {
  it(
    'finds something for every query of every dashboard',
    async () => {
      const empty = new Set(queries);
      await until(
        'every panel shows something',
        async () => {
          for (const query of empty) {
            const samples = await prometheus.query(query.expr);
            if (samples.some(({ value }) => value[1] !== 'NaN')) empty.delete(query);
          }
          return empty.size === 0;
        },
        PATIENCE_MS,
      ).catch(() => undefined);
      expect([...empty]).toEqual([]);
    },
    2 * PATIENCE_MS,
  );

  it(
    'can evaluate every rule, and each record has a value',
    async () => {
      const rules = await prometheus.rules();
      expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
      const records = rules.filter(({ type }) => type === 'recording').map(({ name }) => name);
      const without = new Set(records);
      await until(
        'every record has a value',
        async () => {
          for (const record of without) if ((await prometheus.query(record)).length > 0) without.delete(record);
          return without.size === 0;
        },
        PATIENCE_MS,
      ).catch(() => undefined);
      expect(records.length).toBeGreaterThan(0);
      expect([...without]).toEqual([]);
    },
    2 * PATIENCE_MS,
  );
});
