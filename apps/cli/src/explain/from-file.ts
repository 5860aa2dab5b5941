import { Replay, type TracedStep, type TracedValue } from '@app/engine';
import { accountsOf, lastValues } from './story.js';
import type { Catalog } from '@app/language';
import { DEFAULT_PARTITIONS, partitionOf } from '@app/queue';
import type { Settings } from '@app/telemetry';
import { EXIT, Failure } from '../failure.js';
import { inOrder } from '../replay/merge.js';
import type { ReadMeter } from '../replay/meter.js';
import { Feed } from '../replay/replay.js';
import type { Terminal } from '../terminal.js';
import type { Explanation, Part } from './explanation.js';
import type { Subject } from './subject.js';

/** The file of events that tells the story. */
export interface Story {
  readonly file: string;
  readonly lines: AsyncIterable<string>;
  /** Timers armed up to this instant fire (ms); null: up to the last event's time. */
  readonly until: number | null;
  readonly settings: Pick<Settings, 'holdMs' | 'partitions' | 'personalData'>;
  /** How much of the file has been read. */
  readonly meter: ReadMeter;
}

/** Replays a file and watches one entity. Throws a {@link Failure} when the file does not name it. */
export async function explainFromFile(
  catalog: Catalog,
  subject: Subject,
  { file, lines, until, settings, meter }: Story,
  terminal: Terminal,
): Promise<Explanation> {
  const { kind, id, accountId } = subject;
  const steps: TracedStep[] = [];
  const trace = (step: TracedStep): void => {
    const { entity } = step;
    if (entity.kind === kind && entity.id === id && (accountId ?? entity.accountId) === entity.accountId) {
      steps.push(step);
    }
  };
  const { holdMs, partitions } = settings;
  const engine = new Replay({ catalog, holdMs, partitions: partitions ?? DEFAULT_PARTITIONS, partitionOf, trace });
  const feed = new Feed(engine, terminal, meter);
  for await (const placed of inOrder({ name: file, lines }, settings.personalData)) await feed.take(placed);
  await engine.finish(until);
  feed.conclude();
  const accounts = accountsOf(steps);
  if (accounts.length > 1) {
    throw new Failure(`several accounts have ${kind} ${id}: ${accounts.join(', ')} — add --account`, EXIT.wrongUse);
  }
  const [first] = steps;
  if (first === undefined) throw new Failure(`${file} has no event of ${kind} ${id} — is the id right?`);
  const values = lastValues(catalog.entities[kind].fields, steps);
  return {
    entity: first.entity,
    source: file,
    steps,
    recent: [],
    state: values,
    timers: null,
    parts: partsOf(catalog, subject, steps),
  };
}

/** What the steps come to, per series of the metrics concerned. */
function partsOf(catalog: Catalog, { concerned }: Subject, steps: readonly TracedStep[]): readonly Part[] {
  const parts = new Map<string, Part>();
  for (const value of steps.flatMap((step) => step.values)) {
    if (!concerned.has(value.metric)) continue;
    const key = JSON.stringify([value.metric, value.labels]);
    const part = after(catalog, parts.get(key) ?? null, value);
    if (part === null) parts.delete(key);
    else parts.set(key, part);
  }
  return [...parts.values()];
}

function after(catalog: Catalog, before: Part | null, { kind, metric, labels, value }: TracedValue): Part | null {
  const head = { metric, labels: labels.slice(1) };
  if (kind === 'zero') return before;
  if (kind === 'taken') return null;
  if (kind === 'observed') return added(head, before, value);
  const isAge = catalog.metrics.find((each) => each.name === metric)?.kept.kind === 'age';
  return { ...head, kind: isAge ? 'holds-age' : 'holds', count: 1, sum: isAge ? value * 1000 : value };
}

function added(head: Pick<Part, 'metric' | 'labels'>, before: Part | null, value: number): Part {
  return {
    ...head,
    kind: 'added',
    count: (before?.count ?? 0) + 1,
    sum: Math.round(((before?.sum ?? 0) + value) * 1e6) / 1e6,
  };
}
