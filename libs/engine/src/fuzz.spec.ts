import type { Event } from '@app/event';
import { collectSamples, renderOpenMetrics, renderPrometheus } from '@app/exposition';
import { partitionOf } from '@app/queue';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryHistory } from '../../../test/support/arbitrary-events.js';
import { everyForm } from '../../../test/support/every-form.js';
import { hostileEvent } from '../../../test/support/hostile-events.js';
import { eventOf } from '../../../test/support/story.js';
import { breaches } from '../../../test/support/strict-exposition.js';
import { Replay } from './replay.js';
import type { SeriesReader } from './store.js';

const catalog = everyForm();

/** When it begins, and when everything has been read (ms). */
const BEGIN = 1_717_200_000_000;
const END = BEGIN + 1_000_000;

/** The neighbour's account; none of the hostile ones is called so. */
const NEIGHBOUR = 'A';

interface Course {
  readonly hostile: readonly Event[];
  readonly neighbour: readonly Event[];
}

/** Two streams in one: events of any kind, and those of an account that does nothing strange. */
const arbitraryCourse: fc.Arbitrary<Course> = fc.record({
  hostile: fc.array(
    fc.nat({ max: 400_000 }).chain((after) => hostileEvent(BEGIN + after)),
    { minLength: 1, maxLength: 40 },
  ),
  neighbour: arbitraryHistory.map((steps) => steps.map((step, index) => later(eventOf(step, `u${index}`)))),
});

/** The event in the present. */
function later(event: Event): Event {
  const { time, receivedAt, effectiveTtr } = event;
  const deadline = effectiveTtr === null ? null : effectiveTtr + BEGIN;
  return { ...event, time: time + BEGIN, receivedAt: receivedAt + BEGIN, effectiveTtr: deadline };
}

async function run(events: readonly Event[], partitions: number) {
  const replay = new Replay({ catalog, holdMs: 250, partitions, partitionOf });
  for (const event of events.toSorted((a, b) => a.receivedAt - b.receivedAt)) await replay.event(event);
  const { reader, now } = await replay.finish(END);
  return { reader, now, poison: replay.poison };
}

async function rendered(render: typeof renderPrometheus, reader: SeriesReader): Promise<string> {
  let text = '';
  for await (const chunk of render(collectSamples(catalog, reader, END))) text += chunk;
  return text;
}

/** How many events were applied, or told late or duplicate, at an entity of each kind. */
async function handled(reader: SeriesReader): Promise<number> {
  const stats = [...(await reader.stats())];
  const counted = stats.filter(([name]) => /^events_total\|(conversation|agent)\|/.test(name));
  return counted.reduce((sum, [, count]) => sum + count, 0);
}

const linesOf = (text: string, account: string): string[] =>
  text.split('\n').filter((line) => line.includes(`account_id="${account}"`));

describe('whatever the events hold', () => {
  it('the engine handles each of them at each of its entities, sets none aside, and what it says can be read', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCourse, fc.constantFrom(1, 3), async ({ hostile, neighbour }, partitions) => {
        const { reader, poison } = await run([...hostile, ...neighbour], partitions);
        expect(poison).toEqual([]);
        expect(await handled(reader)).toBe(2 * (hostile.length + neighbour.length));
        for (const render of [renderPrometheus, renderOpenMetrics]) {
          expect(breaches(await rendered(render, reader))).toEqual([]);
        }
      }),
      { numRuns: 80 },
    );
  });

  it('the numbers of another account are as if it were alone', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCourse, async ({ hostile, neighbour }) => {
        const [alone, among] = [await run(neighbour, 1), await run([...hostile, ...neighbour], 1)];
        const [want, got] = [
          await rendered(renderOpenMetrics, alone.reader),
          await rendered(renderOpenMetrics, among.reader),
        ];
        expect(linesOf(got, NEIGHBOUR)).toEqual(linesOf(want, NEIGHBOUR));
      }),
      { numRuns: 50 },
    );
  });
});
