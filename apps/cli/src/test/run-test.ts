import type { Trace, TracedStep } from '@app/engine';
import type { Event } from '@app/event';
import type { Catalog, Expectation, Position, TestCase } from '@app/language';
import { compareSamples } from './compare-samples.js';
import { compareState } from './compare-state.js';
import type { Difference } from './difference.js';
import { Story, type Told } from './story.js';

/** What became of a test: it passed when there is no difference. */
export interface TestResult {
  readonly test: TestCase;
  readonly differences: readonly Difference[];
  /** What happened up to the last difference; empty when the test passed. */
  readonly steps: readonly TracedStep[];
}

/** Whether all was as wanted. */
export function isPassed({ differences }: TestResult): boolean {
  return differences.length === 0;
}

/**
 * Runs a test on a virtual clock. Looking at an instant must not change what comes after it: a lookout fires what is armed
 * up to then at once, whereas the clock waits for the lag of an event that was received late. So a story with such an event
 * is told anew for each instant, any other goes on from one to the next.
 * @param trace Is told each step, of every one of these stories.
 */
export async function runTest(catalog: Catalog, test: TestCase, trace?: Trace): Promise<TestResult> {
  const { events, expectations } = test;
  const instants = [...new Set(expectations.map((each) => each.at))].sort((a, b) => a - b);
  const isPrompt = events.every((event) => event.receivedAt === event.time);
  const begin = (): Story => new Story(catalog, events, trace && { trace });
  const differences: Difference[] = [];
  let story = begin();
  for (const [index, at] of instants.entries()) {
    if (index > 0 && !isPrompt) story = begin();
    await story.goOn(at);
    const due = expectations.filter((each) => each.at === at);
    differences.push(...(await differencesAt(story, catalog, test.position, due)));
  }
  if (differences.length === 0) return { test, differences, steps: [] };
  const until = Math.max(...differences.map((difference) => difference.at));
  return { test, differences, steps: await stepsOf(catalog, events, until) };
}

async function differencesAt(
  story: Story,
  catalog: Catalog,
  position: Position,
  expectations: readonly Expectation[],
): Promise<readonly Difference[]> {
  const at = expectations[0]?.at ?? 0;
  const metrics = new Set(expectations.flatMap((each) => (each.kind === 'samples' ? [each.metric] : [])));
  const told = await story.look(metrics, at);
  const differences: Difference[] = told.faults.map((fault) => ({
    position,
    at,
    subject: 'the engine',
    want: 'every event applied',
    got: fault,
  }));
  for (const expectation of expectations) differences.push(...(await compare(catalog, expectation, told)));
  return differences;
}

async function compare(catalog: Catalog, expectation: Expectation, told: Told): Promise<readonly Difference[]> {
  switch (expectation.kind) {
    case 'samples': {
      const family = told.families.get(expectation.metric);
      return family === undefined ? [] : compareSamples(expectation, family);
    }
    case 'state': {
      const record = await told.recordOf(expectation.entity, expectation.id);
      return compareState(expectation, catalog.entities[expectation.entity], record);
    }
  }
}

async function stepsOf(catalog: Catalog, events: readonly Event[], until: number): Promise<readonly TracedStep[]> {
  const steps: TracedStep[] = [];
  const story = new Story(catalog, events, { inOrder: true, trace: (step) => void steps.push(step) });
  await story.goOn(until);
  return steps;
}
