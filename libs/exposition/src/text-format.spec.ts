import { describe, expect, it } from '@jest/globals';
import type { Family, FamilySample } from './family.js';
import { renderJson } from './json-format.js';
import { renderOpenMetrics, renderPrometheus } from './text-format.js';

function sample(labels: readonly string[], value: bigint | number, rest: Partial<FamilySample> = {}): FamilySample {
  return { labels, value, count: 1, buckets: [], createdMs: null, ...rest };
}

function family(name: string, type: Family['type'], rest: Partial<Family> = {}): Family {
  return { name, help: `Help of ${name}.`, type, labelNames: ['account_id'], bounds: [], samples: [], ...rest };
}

async function text(chunks: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const chunk of chunks) all += chunk;
  return all;
}

const FAMILIES: readonly Family[] = [
  family('agent_load_ratio', 'gauge', {
    labelNames: ['account_id', 'agent_id'],
    samples: [sample(['1', 'a1'], 333_333n), sample(['1', 'a2'], 1_250_000n)],
  }),
  family('agents_overloaded', 'gauge'),
  family('consumer_wait_seconds', 'histogram', {
    labelNames: ['account_id', 'agent_id'],
    bounds: [0.5, 5, 60],
    samples: [sample(['1', 'a1'], 70_124_000n, { count: 4, buckets: [1, 0, 2, 1], createdMs: 1_700_000_000_123 })],
  }),
  family('ttr_breaches_total', 'counter', { samples: [sample(['1'], 3_000_000n, { createdMs: 1_700_000_000_000 })] }),
];

describe('Prometheus text', () => {
  it('shows every family, with help and type even without samples', async () => {
    expect(await text(renderPrometheus(FAMILIES))).toBe(`# HELP agent_load_ratio Help of agent_load_ratio.
# TYPE agent_load_ratio gauge
agent_load_ratio{account_id="1",agent_id="a1"} 0.333333
agent_load_ratio{account_id="1",agent_id="a2"} 1.25
# HELP agents_overloaded Help of agents_overloaded.
# TYPE agents_overloaded gauge
# HELP consumer_wait_seconds Help of consumer_wait_seconds.
# TYPE consumer_wait_seconds histogram
consumer_wait_seconds_bucket{account_id="1",agent_id="a1",le="0.5"} 1
consumer_wait_seconds_bucket{account_id="1",agent_id="a1",le="5"} 1
consumer_wait_seconds_bucket{account_id="1",agent_id="a1",le="60"} 3
consumer_wait_seconds_bucket{account_id="1",agent_id="a1",le="+Inf"} 4
consumer_wait_seconds_sum{account_id="1",agent_id="a1"} 70.124
consumer_wait_seconds_count{account_id="1",agent_id="a1"} 4
# HELP ttr_breaches_total Help of ttr_breaches_total.
# TYPE ttr_breaches_total counter
ttr_breaches_total{account_id="1"} 3
`);
  });

  it.each([
    { name: 'a quote', value: 'say "hi"', want: String.raw`m{account_id="say \"hi\""} 1` },
    { name: 'a backslash', value: String.raw`C:\x`, want: String.raw`m{account_id="C:\\x"} 1` },
    { name: 'a line feed', value: 'a\nb', want: String.raw`m{account_id="a\nb"} 1` },
    { name: 'nothing', value: '', want: 'm{account_id=""} 1' },
    { name: 'other languages', value: 'Zoë 東京', want: 'm{account_id="Zoë 東京"} 1' },
    { name: 'braces and commas', value: '},x="y', want: String.raw`m{account_id="},x=\"y"} 1` },
  ])('escapes $name in a label value', async ({ value, want }) => {
    const output = await text(renderPrometheus([family('m', 'gauge', { samples: [sample([value], 1)] })]));
    expect(output.split('\n').at(-2)).toBe(want);
  });

  it('escapes help: backslash and line feed, but not quotes', async () => {
    const output = await text(renderPrometheus([family('m', 'gauge', { help: 'one "two"\n\\three' })]));
    expect(output.split('\n')[0]).toBe(String.raw`# HELP m one "two"\n\\three`);
  });

  it('writes no braces without labels', async () => {
    const bare = family('m', 'histogram', {
      labelNames: [],
      bounds: [1],
      samples: [sample([], 2_000_000n, { count: 2, buckets: [0, 2] })],
    });
    expect((await text(renderPrometheus([bare]))).split('\n').slice(2, -1)).toEqual([
      'm_bucket{le="1"} 0',
      'm_bucket{le="+Inf"} 2',
      'm_sum 2',
      'm_count 2',
    ]);
  });

  it('comes in chunks, none of them huge', async () => {
    const samples = Array.from({ length: 20_000 }, (_, index) => sample([`account-${index}`], index));
    const lengths: number[] = [];
    for await (const chunk of renderPrometheus([family('m', 'gauge', { samples })])) lengths.push(chunk.length);
    expect(lengths.length).toBeGreaterThan(5);
    expect(Math.max(...lengths)).toBeLessThan(70_000);
  });
});

describe('OpenMetrics', () => {
  it('names counter families without _total, tells _created in seconds and ends with # EOF', async () => {
    expect(await text(renderOpenMetrics(FAMILIES))).toBe(`# HELP agent_load_ratio Help of agent_load_ratio.
# TYPE agent_load_ratio gauge
agent_load_ratio{account_id="1",agent_id="a1"} 0.333333
agent_load_ratio{account_id="1",agent_id="a2"} 1.25
# HELP agents_overloaded Help of agents_overloaded.
# TYPE agents_overloaded gauge
# HELP consumer_wait_seconds Help of consumer_wait_seconds.
# TYPE consumer_wait_seconds histogram
consumer_wait_seconds_bucket{account_id="1",agent_id="a1",le="0.5"} 1
consumer_wait_seconds_bucket{account_id="1",agent_id="a1",le="5.0"} 1
consumer_wait_seconds_bucket{account_id="1",agent_id="a1",le="60.0"} 3
consumer_wait_seconds_bucket{account_id="1",agent_id="a1",le="+Inf"} 4
consumer_wait_seconds_sum{account_id="1",agent_id="a1"} 70.124
consumer_wait_seconds_count{account_id="1",agent_id="a1"} 4
consumer_wait_seconds_created{account_id="1",agent_id="a1"} 1700000000.123
# HELP ttr_breaches Help of ttr_breaches_total.
# TYPE ttr_breaches counter
ttr_breaches_total{account_id="1"} 3
ttr_breaches_created{account_id="1"} 1700000000
# EOF
`);
  });

  it('escapes quotes in help too', async () => {
    const output = await text(renderOpenMetrics([family('m', 'gauge', { help: 'one "two"' })]));
    expect(output.split('\n')[0]).toBe(String.raw`# HELP m one \"two\"`);
  });

  it('is never empty', async () => {
    expect(await text(renderOpenMetrics([]))).toBe('# EOF\n');
  });
});

describe('JSON', () => {
  it('keeps key order and exact numbers', async () => {
    expect(await text(renderJson(FAMILIES))).toBe(`{"metrics":[
{"name":"agent_load_ratio","type":"gauge","help":"Help of agent_load_ratio.","samples":[
{"labels":{"account_id":"1","agent_id":"a1"},"value":0.333333},
{"labels":{"account_id":"1","agent_id":"a2"},"value":1.25}]},
{"name":"agents_overloaded","type":"gauge","help":"Help of agents_overloaded.","samples":[]},
{"name":"consumer_wait_seconds","type":"histogram","help":"Help of consumer_wait_seconds.","samples":[
{"labels":{"account_id":"1","agent_id":"a1"},"count":4,"sum":70.124,"buckets":[{"le":"0.5","count":1},{"le":"5","count":1},{"le":"60","count":3},{"le":"+Inf","count":4}]}]},
{"name":"ttr_breaches_total","type":"counter","help":"Help of ttr_breaches_total.","samples":[
{"labels":{"account_id":"1"},"value":3}]}
]}
`);
  });

  it('is valid JSON without families too', async () => {
    expect(JSON.parse(await text(renderJson([])))).toEqual({ metrics: [] });
  });
});
