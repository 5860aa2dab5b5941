import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { catalogOf, type Step, tell } from '../../../test/support/story.js';

const NAMES = ['min', 'max', 'stddev', 'quantile(0)', 'quantile(0.5)', 'quantile(0.9)', 'quantile(1)'];

const catalog = catalogOf(`
state:
  agent:
    weight: { type: number, set: [ { on: AgentSnapshotEvent, to: event.assignedWeight } ] }
    state: { type: string, set: [ { on: AgentSnapshotEvent, to: event.state } ] }
forget: { agent: agent.lastEventAt + 500 }
metrics:
${NAMES.map((aggregate, index) => `  - { name: m${index}, help: h, type: gauge, over: agent, value: agent.weight, aggregate: ${aggregate}, labels: { state: agent.state } }`).join('\n')}
  - { name: contributors, help: h, type: gauge, formula: count(m2), by: [state] }
`);

const weighs = (agent: string, assignedWeight: number | null, more: object = {}): Step => ({
  at: 1,
  type: 'AgentSnapshotEvent',
  agent,
  state: 'ONLINE',
  assignedWeight,
  ...more,
});

const online = (...values: readonly (string | number)[]) =>
  values.map((value, index) => `m${index}{state="ONLINE"} ${value}`);

describe('aggregates over entities', () => {
  it.each<{ name: string; steps: Step[]; until?: number; want: string[] }>([
    {
      name: 'of one value are that value',
      steps: [weighs('a', 2.5)],
      want: ['contributors{state="ONLINE"} 1', ...online(2.5, 2.5, 0, 2.5, 2.5, 2.5, 2.5)],
    },
    {
      name: 'go evenly between two values, as in PromQL',
      steps: [weighs('a', 1), weighs('b', 2), weighs('c', 4), weighs('d', 5)],
      want: ['contributors{state="ONLINE"} 4', ...online(1, 5, Math.sqrt(2.5), 1, 3, 4.7, 5)],
    },
    {
      name: 'count a value as often as entities contribute it',
      steps: [weighs('a', 1), weighs('b', 1), weighs('c', 4)],
      want: ['contributors{state="ONLINE"} 3', ...online(1, 4, Math.sqrt(2), 1, 1, 3.4, 4)],
    },
    {
      name: 'follow values that change, lose their value or leave for other labels',
      steps: [
        weighs('a', 9),
        weighs('b', -3),
        weighs('c', 2),
        weighs('a', null, { at: 2 }),
        weighs('b', 7, { at: 2, state: 'AWAY' }),
      ],
      want: [
        'contributors{state="AWAY"} 1',
        'contributors{state="ONLINE"} 1',
        ...[7, 7, 0, 7, 7, 7, 7].flatMap((away, index) => [
          `m${index}{state="AWAY"} ${away}`,
          `m${index}{state="ONLINE"} ${index === 2 ? 0 : 2}`,
        ]),
      ],
    },
    { name: 'go with the last entity', steps: [weighs('a', 9), weighs('b', 1)], until: 502, want: [] },
  ])('$name', async ({ steps, until, want }) => {
    expect(await tell(catalog, steps, until === undefined ? {} : { until })).toEqual(want);
  });

  it('are those of the values that are there in the end, whatever came and went, in any number of partitions', async () => {
    const step = fc.record({
      agent: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      weight: fc.option(fc.integer({ min: -40, max: 40 }).map((quarters) => quarters / 4)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.constantFrom(1, 3), async (changes, partitions) => {
        const steps = changes.map(({ agent, weight }, index) => weighs(agent, weight, { at: index }));
        const last = new Map(changes.map(({ agent, weight }) => [agent, weight]));
        const values = [...last.values()].filter((value) => value !== null).sort((a, b) => a - b);
        const lines = await tell(catalog, steps, { partitions });
        const found = lines.map((line) => line.split(' ')).map(([name, value]) => [name?.slice(0, 2), Number(value)]);
        expect(found.filter(([name]) => name !== 'co').map(([, value]) => value)).toEqual(
          values.length === 0 ? [] : expected(values).map((value): unknown => expect.closeTo(value, 9)),
        );
      }),
      { numRuns: 200 },
    );
  });
});

/** The aggregates by their definitions. */
function expected(sorted: readonly number[]): number[] {
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length;
  const at = (quantile: number): number => {
    const rank = quantile * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(rank)] ?? NaN, sorted[Math.ceil(rank)] ?? NaN];
    return low + (high - low) * (rank - Math.floor(rank));
  };
  return [at(0), at(1), Math.sqrt(variance), at(0), at(0.5), at(0.9), at(1)];
}
