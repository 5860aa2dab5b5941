import type { Trace, TracedStep } from '@app/engine';
import type { Catalog, Expectation, TestCase } from '@app/language';
import { compareSamples } from './compare-samples.js';
import { compareState } from './compare-state.js';
import type { Difference } from './difference.js';
import { tell, type Telling, type Told } from './tell.js';

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
 * Runs a test on a virtual clock. Each instant is looked at in a story of its own, so that looking changes nothing.
 * @param trace Is told each step, of every one of these stories.
 */
export async function runTest(catalog: Catalog, test: TestCase, trace?: Trace): Promise<TestResult> {
  const instants = [...new Set(test.expectations.map((each) => each.at))];
  const differences: Difference[] = [];
  for (const at of instants) {
    const due = test.expectations.filter((each) => each.at === at);
    differences.push(...(await differencesAt({ catalog, ...(trace && { trace }) }, test, due)));
  }
  if (differences.length === 0) return { test, differences, steps: [] };
  const until = Math.max(...differences.map((difference) => difference.at));
  return { test, differences, steps: await stepsOf(catalog, test, { until, metrics: new Set() }) };
}

interface Teller {
  readonly catalog: Catalog;
  readonly trace?: Trace;
}

async function differencesAt(
  { catalog, ...traced }: Teller,
  { events, position }: TestCase,
  expectations: readonly Expectation[],
): Promise<readonly Difference[]> {
  const until = expectations[0]?.at ?? 0;
  const metrics = new Set(expectations.flatMap((each) => (each.kind === 'samples' ? [each.metric] : [])));
  const told = await tell(catalog, events, { until, metrics, ...traced });
  const differences: Difference[] = told.faults.map((fault) => ({
    position,
    at: until,
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

async function stepsOf(catalog: Catalog, { events }: TestCase, telling: Telling): Promise<readonly TracedStep[]> {
  const steps: TracedStep[] = [];
  await tell(catalog, events, { ...telling, inOrder: true, trace: (step) => void steps.push(step) });
  return steps;
}
