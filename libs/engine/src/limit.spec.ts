import { describe, expect, it } from '@jest/globals';
import { collectSamples, renderPrometheus } from '@app/exposition';
import fc from 'fast-check';
import { catalogOf, eventOf, type EventStep, tell } from '../../../test/support/story.js';
import { MemoryStore } from './memory-store.js';
import { Partition } from './partition.js';

const METRICS = (limit: string) => `
state:
  agent:
    team: { type: string, set: [ { on: AgentSnapshotEvent, to: event.reason } ] }
    weight: { type: number, set: [ { on: AgentSnapshotEvent, to: event.assignedWeight } ] }
forget: { agent: agent.lastEventAt + 5000 }
metrics:
  - { name: seen_total, help: h, type: counter, for: agent, on: AgentSnapshotEvent, labels: { team: event.reason } ${limit} }
  - { name: weight, help: h, type: gauge, over: agent, value: agent.weight, labels: { team: agent.team, id: agent.id } ${limit} }
  - { name: most_weight, help: h, type: gauge, over: agent, value: agent.weight, aggregate: max, labels: { team: agent.team } ${limit} }
  - { name: age_seconds, help: h, type: gauge, over: agent, value: age(agent.lastEventAt), aggregate: max, labels: { team: agent.team } ${limit} }
  - { name: team_seconds_total, help: h, type: counter, over: agent, labels: { team: agent.team } ${limit} }
`;

const limited = catalogOf(METRICS(', limit: 2'));
const free = catalogOf(METRICS(''));

const sees = (at: number, agent: string, team: string, assignedWeight: number | null = 1): EventStep => ({
  at,
  type: 'AgentSnapshotEvent',
  agent,
  reason: team,
  assignedWeight,
});

const arbitrarySteps = fc
  .array(
    fc.record({
      agent: fc.constantFrom('a', 'b', 'c', 'd'),
      team: fc.constantFrom('t', 'u', 'v', 'w'),
      weight: fc.option(fc.nat(9)),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((all) => all.map(({ agent, team, weight }, index) => sees(index, agent, team, weight)));

/** Works events off in batches of these lengths, then lets `until` (s) come; the exposition and the partition's counters. */
async function work(steps: readonly EventStep[], cuts: readonly number[], until: number) {
  const store = new MemoryStore();
  const setAside = () => Promise.reject(new Error('nothing is poison here'));
  const partition = new Partition({ catalog: limited, store, holdMs: 0, setAside });
  const items = steps.map((step, index) => {
    const event = eventOf(step, `u${index}`);
    return { kind: 'event', event, entities: ['agent'] } as const;
  });
  for (let from = 0, job = 1; from < items.length; job += 1) {
    const to = from + (cuts[job] ?? items.length);
    await partition.process({ id: String(job), items: items.slice(from, to) });
    from = to;
  }
  await partition.settle(until * 1000);
  let text = '';
  for await (const chunk of renderPrometheus(collectSamples(limited, store, until * 1000))) text += chunk;
  return { lines: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')), stats: await store.stats() };
}

/** The total over all label sets, by metric. */
function totals(lines: readonly string[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^(\w+)\S* (.*)$/.exec(line) ?? [];
    sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return sums;
}

describe('the limit of label sets', () => {
  it('adds up what exceeds it in one series, and counts it', async () => {
    const steps = [sees(0, 'a', 't'), sees(1, 'b', 'u', 2), sees(2, 'c', 'v', 4), sees(3, 'd', 'w', 8)];
    const { lines, stats } = await work(steps, [], 3);
    const overflow = lines.filter((line) => line.includes('__overflow__'));
    expect(overflow).toEqual([
      'age_seconds{account_id="A",team="__overflow__"} 1',
      'most_weight{account_id="A",team="__overflow__"} 8',
      'seen_total{account_id="A",team="__overflow__"} 2',
      'team_seconds_total{account_id="A",team="__overflow__"} 0',
      'weight{account_id="A",team="__overflow__",id="__overflow__"} 12',
    ]);
    expect(lines).toContain('seen_total{account_id="A",team="u"} 1');
    expect(lines).not.toContain('seen_total{account_id="A",team="v"} 1');
    expect([...stats].filter(([name]) => name.startsWith('series_overflow')).sort()).toEqual([
      ['series_overflow_total|age_seconds', 2],
      ['series_overflow_total|most_weight', 2],
      ['series_overflow_total|seen_total', 2],
      ['series_overflow_total|team_seconds_total', 2],
      ['series_overflow_total|weight', 2],
    ]);
  });

  it('takes a gauge back from where it was put, whoever left meanwhile, however it was batched', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrarySteps, fc.array(fc.integer({ min: 1, max: 4 })), async (steps, cuts) => {
        const until = steps.length;
        const { lines } = await work(steps, cuts, until);
        const want = totals(await tell(free, steps, { until, partitions: 1 }));
        const got = totals(lines);
        for (const name of ['seen_total', 'weight', 'team_seconds_total']) expect(got.get(name)).toBe(want.get(name));
        for (const name of ['seen_total', 'team_seconds_total', 'weight', 'most_weight']) {
          const kept = lines.filter((line) => line.startsWith(`${name}{`) && !line.includes('__overflow__'));
          expect(kept.length).toBeLessThanOrEqual(2);
        }
        const later = await work(steps, cuts, 9_000);
        const gauges = later.lines.filter((line) => !/^\w+_total\{/.test(line));
        expect(gauges).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('changes nothing below it', async () => {
    const steps = [sees(0, 'a', 't'), sees(1, 'b', 't', 2), sees(2, 'b', 'u', 4)];
    expect(await tell(limited, steps, { partitions: 1 })).toEqual(await tell(free, steps, { partitions: 1 }));
  });
});
