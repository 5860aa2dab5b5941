import { collectSamples, renderPrometheus } from '@app/exposition';
import { MemoryStore, Partition, type StateStore, type Term } from '@app/engine';
import type { Catalog } from '@app/language';
import { eventOf, type EventStep } from './story.js';

/** One partition that goes from catalog to catalog. Times in seconds. */
export class Switching {
  readonly #store = new MemoryStore();
  #jobs = 0;

  constructor(private readonly holdMs = 0) {}

  /** Applies events under a catalog, then what is due until then; the exposition, without comments and the account. */
  async under(catalog: Catalog, steps: readonly EventStep[], until: number, term?: Term): Promise<string[]> {
    const partition = this.#partition(catalog, this.#store, term);
    await partition.open();
    const items = steps.map((step) => {
      const event = eventOf(step, step.uid ?? `u${step.at} ${step.agent ?? step.conversation}`);
      return { kind: 'event', event, entities: [step.agent === undefined ? 'conversation' : 'agent'] } as const;
    });
    this.#jobs += 1;
    await partition.process({ id: String(this.#jobs), items });
    const tick = { kind: 'tick', at: until * 1000, timersUntil: until * 1000 } as const;
    await partition.process({ id: `${this.#jobs}t`, items: [tick] });
    return this.shown(catalog, until);
  }

  /** Begins a switch and dies before its commit number `commits` + 1. */
  async interrupted(catalog: Catalog, commits: number): Promise<void> {
    const store = this.#store;
    let left = commits;
    const dying: StateStore = {
      load: (request) => store.load(request),
      due: (instant, limit) => store.due(instant, limit),
      scan: (cursor, limit) => store.scan(cursor, limit),
      commit: (change) => {
        if (left === 0) return Promise.reject(new Error('killed'));
        left -= 1;
        return store.commit(change);
      },
    };
    const end = await this.#partition(catalog, dying)
      .open()
      .catch((error: Error) => error.message);
    if (end !== 'killed') throw new Error(`the switch was over after ${commits - left} commits`);
  }

  async shown(catalog: Catalog, at: number): Promise<string[]> {
    let text = '';
    for await (const chunk of renderPrometheus(collectSamples(catalog, this.#store, at * 1000))) text += chunk;
    return text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/account_id="A",?/, '').replace('{}', ''));
  }

  /** The names of the layouts that the partition knows. */
  async layouts(): Promise<number> {
    return (await this.#store.load({ entities: [], identities: [] })).head.layouts.size;
  }

  #partition(catalog: Catalog, store: StateStore, term?: Term): Partition {
    const setAside = (): Promise<void> => Promise.reject(new Error('nothing is poison here'));
    return new Partition({ catalog, store, holdMs: this.holdMs, setAside, ...(term === undefined ? {} : { term }) });
  }
}
