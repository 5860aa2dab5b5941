import { describe, expect, it } from '@jest/globals';
import { Replay } from '@app/engine';
import { partitionOf } from '@app/queue';
import fc from 'fast-check';
import { catalogOf, eventOf } from '../../../test/support/story.js';
import { collectSamples } from './collect.js';
import { type Course, courseOf } from './course.js';

const catalog = catalogOf(`
metrics:
  - name: wait_seconds
    help: h
    type: histogram
    for: conversation
    on: MessageAgentEvent
    value: event.assignedWeight
    labels: { agent: event.agentId }
    buckets: [5, 15]
  - { name: asked_total, help: h, type: counter, for: conversation, on: MessageConsumerEvent }
  - { name: open_now, help: h, type: gauge, over: conversation }
  - { name: mean_seconds, help: h, type: gauge, formula: sum(wait_seconds) / count(wait_seconds), windows: [2m, 5m] }
  - { name: quick_ratio, help: h, type: gauge, formula: 'share(wait_seconds, 5)', by: [agent], windows: [3m] }
  - { name: asked_per_second, help: h, type: gauge, formula: rate(asked_total), windows: [1m] }
  - { name: asked_per_open, help: h, type: gauge, formula: sum(asked_total) / value(open_now), windows: [1m] }
  - { name: mean_ever_seconds, help: h, type: gauge, formula: sum(wait_seconds) / count(wait_seconds) }
`);

interface Told {
  readonly at: number;
  readonly agent?: string;
  readonly wait?: number;
}

/** Told at a time (s): an agent's message with a wait, or else a consumer's. */
async function replayed(told: readonly Told[], until: number) {
  const replay = new Replay({ catalog, holdMs: 0, partitions: 3, partitionOf });
  for (const [index, { at, agent, wait = 0 }] of told.entries()) {
    const conversation = `c${index}`;
    const step = agent === undefined ? {} : { agent, assignedWeight: wait };
    const type = agent === undefined ? 'MessageConsumerEvent' : 'MessageAgentEvent';
    await replay.event(eventOf({ at, type, conversation, ...step }, `u${index}`));
  }
  return replay.finish(until * 1000);
}

async function course(name: string, told: readonly Told[], ask: { until: number; minutes: number; step?: number }) {
  const { reader, now } = await replayed(told, ask.until);
  const metric = catalog.metrics.find((one) => one.name === name);
  if (metric === undefined) throw new Error(name);
  const { minutes, step: stepMinutes = 1 } = ask;
  return courseOf(metric, { catalog, reader, accountId: 'A', nowMs: now, minutes, stepMinutes });
}

const valuesOf = (found: Course | null) => found?.series.map(({ labels, values }) => [labels.join(), values]);

describe('the course of a metric', () => {
  it('of a counter is what each step added', async () => {
    const told = [{ at: 10 }, { at: 59 }, { at: 200 }, { at: 245 }];
    const found = await course('asked_total', told, { until: 250, minutes: 5 });
    expect(found).toMatchObject({ fromMs: 0, stepMs: 60_000 });
    expect(valuesOf(found)).toEqual([['', [2, 0, 0, 1, 1]]]);
    expect(valuesOf(await course('asked_total', told, { until: 250, minutes: 4, step: 2 }))).toEqual([['', [0, 2]]]);
  });

  it('of a histogram tells sums and counts', async () => {
    const told = [
      { at: 10, agent: 'a', wait: 3 },
      { at: 20, agent: 'a', wait: 4.5 },
      { at: 70, agent: 'b', wait: 20 },
    ];
    expect((await course('wait_seconds', told, { until: 119, minutes: 2 }))?.series).toEqual([
      { labels: ['a'], values: [7.5, 0], counts: [2, 0] },
      { labels: ['b'], values: [0, 20], counts: [0, 1] },
    ]);
  });

  it('of a formula is its value in each window, null where it has none', async () => {
    const told = [
      { at: 10, agent: 'a', wait: 2 },
      { at: 70, agent: 'a', wait: 4 },
      { at: 310, agent: 'b', wait: 9 },
    ];
    expect(valuesOf(await course('mean_seconds', told, { until: 330, minutes: 6 }))).toEqual([
      ['2m', [2, 3, 4, null, null, 9]],
      ['5m', [2, 3, 3, 3, 3, 5]],
    ]);
    expect(valuesOf(await course('asked_per_second', [{ at: 61 }], { until: 181, minutes: 3 }))).toEqual([
      ['1m', [1 / 60, 0, 0]],
    ]);
  });

  it.each(['open_now', 'asked_per_open', 'mean_ever_seconds'])('of %s is not kept', async (name) => {
    expect(await course(name, [{ at: 1 }], { until: 60, minutes: 5 })).toBeNull();
  });

  it('of another account is empty, and a day is the most that there is', async () => {
    const told = [0, 80_000].map((at) => ({ at, agent: 'a', wait: 1 }));
    const found = await course('wait_seconds', told, { until: 86_405, minutes: 1440, step: 60 });
    expect(found?.series.map(({ counts }) => counts)).toEqual([
      Array.from({ length: 24 }, (_, hour) => (hour === 22 ? 1 : 0)),
    ]);
    const { reader, now } = await replayed(told, 86_405);
    const metric = catalog.metrics.find(({ name }) => name === 'wait_seconds');
    if (metric === undefined) throw new Error('no metric');
    const other = { catalog, reader, accountId: 'B', nowMs: now, minutes: 5, stepMinutes: 1 };
    expect((await courseOf(metric, other))?.series).toEqual([]);
  });

  it('ends with the value of now', async () => {
    const one = fc.record(
      { at: fc.nat(900), agent: fc.constantFrom('a', 'b'), wait: fc.nat(30) },
      { requiredKeys: ['at'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 20 }), fc.nat(600), async (told, later) => {
        const until = 900 + later;
        const ordered = [...told].sort((a, b) => a.at - b.at);
        const { reader, now } = await replayed(ordered, until);
        const ask = { catalog, reader, accountId: 'A', nowMs: now, minutes: 30, stepMinutes: 1 };
        for await (const family of collectSamples(catalog, reader, now)) {
          const metric = catalog.metrics.find(({ name }) => name === family.name);
          const found = metric === undefined ? null : await courseOf(metric, ask);
          if (found === null || metric?.kept.kind !== 'formula') continue;
          const last = found.series.flatMap(({ labels, values }) => {
            const value = values.at(-1) ?? null;
            return value === null ? [] : [[['A', ...labels], value]];
          });
          expect(last).toEqual(family.samples.map(({ labels, value }) => [labels, value]));
        }
      }),
      { numRuns: 50 },
    );
  });
});
