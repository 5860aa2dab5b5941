import type { EntityRef } from '@app/event';
import type { EntityRecord } from './entity.js';
import type { Change, EntityWrite, KeptSeries, SeriesDelta, SeriesReader, StateStore } from './store.js';

/** One partition under test: its store, and a reader of what the store wrote. */
export interface StoreUnderTest {
  readonly store: StateStore;
  readonly reader: SeriesReader;
  close(): Promise<void>;
}

/** Texts that break naive keys, JSON or encodings. */
export const HOSTILE_TEXTS = [
  '__proto__',
  'constructor',
  '',
  ' ',
  '}{',
  'a:1:b',
  'ü"\\\n\u0000\u001f',
  '\ud800',
  '\udc00x',
  '🙂',
];

export type Under = () => StoreUnderTest;
export type Commit = (part: Partial<Change>) => ReturnType<StateStore['commit']>;
export type Read = (...metrics: string[]) => Promise<KeptSeries[]>;

/** A change that writes nothing but the parts given. */
export function changeOf(part: Partial<Change> & { readonly expectedVersion: number }): Change {
  return { ...NOTHING, ...part };
}

const NOTHING: Omit<Change, 'expectedVersion'> = {
  catalog: '',
  switched: false,
  takeover: null,
  clock: 0,
  quiet: null,
  job: '',
  jobItems: 0,
  entities: [],
  marks: [],
  series: [],
  ages: [],
  accounts: [],
  stats: new Map(),
};

export function ref(id: string): EntityRef {
  return { kind: 'conversation', accountId: 'a', id };
}

export function write(id: string, due: number | null): EntityWrite {
  return { ref: ref(id), record: recordOf(id), due };
}

export function recordOf(id: string): EntityRecord {
  const key = { time: 1_700_000_000_000, rank: 3, uid: id, conversationId: id, agentId: '' };
  return {
    layoutId: 'l1',
    known: true,
    values: [id, 'a', 1_700_000_000_000, null, true, 0.5],
    setBy: [null, key],
    lastKey: key,
    lagMs: 12,
    timers: [{ at: null, armedAt: 5, firedFor: null }],
    contributions: [null, { labels: ['a', id], value: 1_000_000 }],
    held: [],
    recent: [{ type: 'MessageConsumerEvent', time: 1_700_000_000_000 }],
  };
}

function known(labels: readonly string[]): Pick<SeriesDelta, 'labels' | 'labelsText'> {
  return { labels, labelsText: JSON.stringify(labels) };
}

export function counter(metric: string, labels: readonly string[], sum: bigint): SeriesDelta {
  return { metric, kind: 'counter', ...known(labels), sum, count: 1, buckets: [], limit: 0, created: 10, touched: 10 };
}

export function histogram(buckets: readonly number[], sum: bigint, count: number): SeriesDelta {
  return { metric: 'm@1', kind: 'histogram', ...known(['a']), sum, count, buckets, limit: 0, created: 10, touched: 10 };
}

export function gauge(metric: string, labels: readonly string[], sum: bigint, count: number): SeriesDelta {
  return { metric, kind: 'gauge', ...known(labels), sum, count, buckets: [], limit: 0, created: 10, touched: 10 };
}

export async function readAll(reader: SeriesReader, metrics: readonly string[]): Promise<KeptSeries[]> {
  const all: KeptSeries[] = [];
  for await (const slice of reader.series(metrics)) all.push(...slice);
  return all;
}
