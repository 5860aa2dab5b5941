import type { Catalog, Evaluate } from '@app/language';
import { describe, expect, it } from '@jest/globals';
import { catalogOf, eventOf, type EventStep } from '../../../test/support/story.js';
import type { Item } from './item.js';
import { MemoryStore } from './memory-store.js';
import { formatEventItem, parseEventItem } from './event-item.js';
import { Partition, type Poison } from './partition.js';

/** No expression can throw; here one does, as an error of the engine's own would, for events with this uid. */
const BAD = 'bad';

const failing: Evaluate = ({ event }) => {
  if (event.uid === BAD) throw new TypeError('cannot be applied');
  return 1;
};

function mendedCatalog(): Catalog {
  return catalogOf(`
metrics:
  - { name: asks_total, help: h, type: counter, for: conversation, on: MessageConsumerEvent }
`);
}

function failingCatalog(): Catalog {
  const catalog = mendedCatalog();
  const plan = catalog.entities.conversation;
  const reactions = new Map(
    [...plan.reactions].map(([type, reaction]) => [
      type,
      { ...reaction, observes: reaction.observes.map((observe) => ({ ...observe, value: failing })) },
    ]),
  );
  return { ...catalog, entities: { ...catalog.entities, conversation: { ...plan, reactions } } };
}

const asks = (at: number, conversation: string, uid: string): EventStep => ({
  at,
  type: 'MessageConsumerEvent',
  conversation,
  uid,
});

const itemOf = (step: EventStep): Item => ({ kind: 'event', event: eventOf(step, ''), entities: ['conversation'] });

/** Works one batch off, and then all that time alone brings. */
async function workOff(steps: readonly EventStep[], holdMs: number): Promise<{ counted: number; aside: Poison[] }> {
  const store = new MemoryStore();
  const aside: Poison[] = [];
  const setAside = (poison: Poison): Promise<void> => {
    aside.push(poison);
    return Promise.resolve();
  };
  const partition = new Partition({ catalog: failingCatalog(), store, holdMs, setAside });
  await partition.process({ id: '1', items: steps.map(itemOf) });
  await partition.process({ id: '2', items: [{ kind: 'tick', at: 1_000_000, timersUntil: 1_000_000 }] });
  return { counted: (await store.stats()).get('events_total|conversation|applied') ?? 0, aside };
}

describe('an event that makes the engine fail', () => {
  const around = Array.from({ length: 9 }, (_, index) => asks(index, `c${index % 3}`, `u${index}`));

  it.each([0, 1, 4, 9])('is set aside, and the rest applied, wherever it stands in its batch: %d', async (at) => {
    const { counted, aside } = await workOff(around.toSpliced(at, 0, asks(at, 'c1', BAD)), 0);
    expect(counted).toBe(9);
    expect(aside).toEqual([
      { item: expect.objectContaining({ kind: 'event' }), reason: 'TypeError: cannot be applied' },
    ]);
  });

  it('while it is held takes along only what its own entity holds, and blocks nothing that comes later', async () => {
    const steps = [asks(0, 'c1', BAD), asks(0, 'c2', 'u1'), asks(10, 'c1', 'u2'), asks(20, 'c1', 'u3')];
    const { counted, aside } = await workOff(steps, 250);
    expect(counted).toBe(3);
    expect(aside).toHaveLength(1);
    expect(aside[0]?.item).toMatchObject({ kind: 'due', entity: { id: 'c1' }, held: [{ uid: BAD }] });
  });
});

describe('an event that failed while it was held', () => {
  it('counts when it comes again under a formula that is mended, once however often', async () => {
    const store = new MemoryStore();
    const aside: Poison[] = [];
    const setAside = async (poison: Poison): Promise<void> => void aside.push(poison);
    const broken = new Partition({ catalog: failingCatalog(), store, holdMs: 250, setAside });
    await broken.process({ id: '1', items: [itemOf(asks(0, 'c1', BAD))] });
    await broken.process({ id: '2', items: [{ kind: 'tick', at: 1_000_000, timersUntil: 1_000_000 }] });
    const [poison] = aside;
    const [held] = poison?.item.kind === 'due' ? poison.item.held : [];
    if (held === undefined) throw new Error('nothing was set aside');
    const first: Item = { kind: 'event', event: held, entities: ['conversation'] };
    const again = parseEventItem(formatEventItem({ ...first, again: held.receivedAt }));
    if (again === null) throw new Error('cannot be read');
    const mended = new Partition({ catalog: mendedCatalog(), store, holdMs: 0, setAside });
    await mended.process({ id: '3', items: [first, again, again] });
    await mended.process({ id: '4', items: [again] });
    const stats = await store.stats();
    expect(stats.get('events_total|conversation|applied')).toBe(1);
    expect(stats.get('events_total|conversation|duplicate')).toBe(3);
  });

  it('is not read from what is none', () => {
    for (const text of ['', '7', 'null', '{}', '{"kind":"event","event":{},"entities":["agent"]}']) {
      expect(parseEventItem(text)).toBeNull();
    }
  });
});
