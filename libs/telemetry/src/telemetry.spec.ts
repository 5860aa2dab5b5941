import { describe, expect, it } from '@jest/globals';
import { createLogger } from './log.js';
import { OCCURRENCES } from './occurrence.js';
import { Telemetry } from './telemetry.js';

/** A telemetry whose log lines can be read back. */
function listening(level: 'info' | 'debug' = 'info') {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { telemetry: new Telemetry(createLogger('test', level, destination)), lines };
}

describe('a report', () => {
  it('counts and logs with the same fields', async () => {
    const { telemetry, lines } = listening();
    telemetry.report(OCCURRENCES.quarantined, { source: 'liveperson', reason: 'bad-json' }, { id: '7' }, 2);
    expect(lines).toMatchObject([
      {
        level: 'warn',
        name: 'test',
        source: 'liveperson',
        reason: 'bad-json',
        id: '7',
        msg: OCCURRENCES.quarantined.message,
      },
    ]);
    expect(await telemetry.registry.metrics()).toContain(
      'livemeter_quarantined_total{source="liveperson",reason="bad-json"} 2',
    );
  });

  it('is logged once while it repeats, and always counted', async () => {
    const { telemetry, lines } = listening();
    for (let i = 0; i < 5; i += 1) telemetry.report(OCCURRENCES.redisTrouble, { during: 'add' });
    expect(lines).toHaveLength(1);
    expect(await telemetry.registry.metrics()).toContain('livemeter_redis_errors_total{during="add"} 5');
  });

  it('never has more than a bounded number of label values, whatever arrives', async () => {
    const { telemetry } = listening();
    for (let i = 0; i < 1_000; i += 1) telemetry.report(OCCURRENCES.unknownType, { source: 's', type: `t${i}` });
    const text = await telemetry.registry.metrics();
    expect(text.match(/^livemeter_unknown_type_events_total\{/gm)).toHaveLength(201);
    expect(text).toContain('type="other"} 800');
  });

  it('an expected one is 0 before it happens', async () => {
    const { telemetry } = listening();
    telemetry.expect(OCCURRENCES.outage);
    expect(await telemetry.registry.metrics()).toContain('livemeter_ingestion_outages_total 0');
  });
});

describe('the log', () => {
  it('blots out secrets wherever they stand', () => {
    const { telemetry, lines } = listening();
    telemetry.log.info({ key: 'k', headers: { authorization: 'Bearer t' }, a: { b: { token: 't' } } }, 'x');
    expect(lines).toMatchObject([{ key: '***', headers: { authorization: '***' }, a: { b: { token: '***' } } }]);
  });

  it('says of an error what went wrong, and nothing of the command that went with it', () => {
    const { telemetry, lines } = listening();
    const command = { name: 'auth', args: ['redis-password', '{"agentName":"Ada"}'] };
    const err = Object.assign(new Error('WRONGPASS'), { code: 'ERR', command, previousErrors: [command] });
    telemetry.report(OCCURRENCES.redisTrouble, { during: 'add' }, { err });
    expect(lines).toMatchObject([{ err: { type: 'Error', message: 'WRONGPASS', code: 'ERR' } }]);
    expect(JSON.stringify(lines)).not.toMatch(/redis-password|agentName/);
  });
});

describe('the occurrences', () => {
  it('have counters with names of their own', () => {
    const names = Object.values(OCCURRENCES).map(({ metric }) => metric);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^livemeter_[a-z_]+_total$/.test(name))).toEqual([]);
  });
});

describe('the process metrics', () => {
  it('are named as Prometheus wants them: only counters end in _total', async () => {
    const { telemetry } = listening();
    const described = await telemetry.withProcessMetrics().registry.getMetricsAsJSON();
    expect(described.map(({ name }) => name)).toContain('process_cpu_seconds_total');
    expect(described.filter(({ name, type }) => name.endsWith('_total') && String(type) !== 'counter')).toEqual([]);
  });
});
