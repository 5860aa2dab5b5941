import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cli, copyConfig } from '../e2e/system.js';
import { archiveOf } from '../support/archive-of.js';
import { lastTimeOf } from '../support/turned-away.js';
import { Prometheus, promtool } from './prometheus.js';

const MINUTE_MS = 60_000;

const NEW_METRIC = `metrics:
  - name: consumer_words_total
    help: Messages of consumers, a metric that was invented after they had come.
    type: counter
    for: conversation
    on: MessageConsumerEvent
`;

/** Nothing listens there. */
const NOWHERE = { ingestion: 9, metrics: 9, archive: 9 };

let dir: string;
let archive: string;
let to: number;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-backfill-'));
  archive = join(dir, 'archive');
  const events = join(dir, 'events.ndjson');
  const start = new Date(Date.now() - 24 * 60 * MINUTE_MS).toISOString();
  await cli('simulate', '--out', events, '--seed', '7', '--agents', '6', '--duration', '1h', '--start', start);
  const bodies = readFileSync(events, 'utf8').trimEnd().split('\n');
  await archiveOf(bodies, archive);
  copyConfig(join(dir, 'config'), false);
  writeFileSync(join(dir, 'config/metrics/new.yaml'), NEW_METRIC);
  to = Math.ceil(lastTimeOf(bodies) / MINUTE_MS) * MINUTE_MS;
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('a metric that was invented today is seen in the past by a real Prometheus, with the values of a replay', async () => {
  const file = join(dir, 'new.openmetrics');
  const config = ['--config', join(dir, 'config')];
  const span = ['--from', String(to - 60 * MINUTE_MS), '--to', String(to), '--step', '1m', '--out', file];
  const metrics = ['--metric', 'consumer_words_total', 'agent_response_time_seconds', 'agents'];
  const { stderr } = await cli('backfill', ...metrics, ...span, '--archive', archive, ...config);
  expect(stderr).toContain('61 instants');
  const prometheus = await Prometheus.start(NOWHERE, (data) => {
    execFileSync(promtool(), ['tsdb', 'create-blocks-from', 'openmetrics', file, data], { stdio: 'ignore' });
  });
  try {
    for (const back of [0, 20]) {
      const at = to - back * MINUTE_MS;
      const { stdout } = await cli('replay', archive, ...config, '--until', String(at));
      const counts = [...stdout.matchAll(/^consumer_words_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count));
      const all = counts.reduce((sum, count) => sum + count, 0);
      const [words] = await prometheus.query('sum(consumer_words_total)', at / 1000);
      // A replay takes in all that is there, so only at its end are the two the same; before it there was less.
      if (back === 0) expect(Number(words?.value[1])).toBe(all);
      else expect(Number(words?.value[1])).toBeLessThan(all);
    }
    const [buckets] = await prometheus.query('count(agent_response_time_seconds_bucket)', to / 1000);
    expect(Number(buckets?.value[1])).toBeGreaterThan(10);
    const [rate] = await prometheus.query('sum(increase(consumer_words_total[30m]))', to / 1000);
    expect(Number(rate?.value[1])).toBeGreaterThan(0);
  } finally {
    await prometheus.stop();
  }
});
