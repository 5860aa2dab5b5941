import { describe, expect, it } from '@jest/globals';
import { collectSamples, renderPrometheus } from '@app/exposition';
import fc from 'fast-check';
import { arbitraryHistory } from '../../../test/support/arbitrary-events.js';
import { shippedCatalog } from '../../../test/support/shipped.js';
import { eventOf, type EventStep } from '../../../test/support/story.js';
import type { Item } from './item.js';
import { MemoryStore } from './memory-store.js';
import { Partition } from './partition.js';

const catalog = shippedCatalog();

/** Works events off one by one. Whoever is told every step has every timer and gauge evaluated at every step. */
async function numbersOf(history: readonly EventStep[], traced: boolean): Promise<string> {
  const store = new MemoryStore();
  const setAside = ({ reason }: { readonly reason: string }): Promise<void> => Promise.reject(new Error(reason));
  const trace = traced ? { trace: () => undefined } : {};
  const partition = new Partition({ catalog, store, holdMs: 250, setAside, ...trace });
  for (const [index, step] of history.entries()) {
    const item: Item = { kind: 'event', event: eventOf(step, `u${index}`), entities: ['conversation', 'agent'] };
    await partition.process({ id: String(index + 1), items: [item] });
  }
  await partition.settle(1_000_000);
  let text = '';
  for await (const chunk of renderPrometheus(collectSamples(catalog, store, 1_000_000))) text += chunk;
  return text;
}

describe('timers and gauges', () => {
  it('are the same whether all are evaluated with every event, or those that read what has changed', async () => {
    const property = fc.asyncProperty(arbitraryHistory, async (history) => {
      expect(await numbersOf(history, false)).toBe(await numbersOf(history, true));
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
