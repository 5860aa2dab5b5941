import { type Change, encodeRecord, type EntityWrite, oldestMarkBucket, type SeriesDelta } from '@app/engine';
import { quietText } from './head.js';
import { dueMemberPrefix, entitiesSuffix, escapeText } from './keys.js';
import { markBlob, marksByBucket } from './marks-lua.js';
import { packDelta } from './packed-series.js';

/** What a script takes. */
export type Arguments = (string | number | Buffer)[];

/** A change as the commit script reads it, after the prefix. */
export function commitArguments(change: Change): Arguments {
  const args: Arguments = [
    change.expectedVersion,
    change.catalog,
    change.takeover === null ? 0 : 1,
    change.switched ? 1 : 0,
    change.clock,
    quietText(change.quiet),
    change.job,
    change.jobItems,
  ];
  addEntities(args, change.entities);
  addMarks(args, change);
  addSeries(args, change.series);
  addAges(args, change);
  args.push(change.accounts.length, ...change.accounts.map(escapeText));
  args.push(change.stats.size);
  for (const [name, count] of change.stats) args.push(escapeText(name), count);
  if (change.takeover === null) return args;
  const { layouts, metrics } = change.takeover;
  args.push(layouts.size, ...[...layouts].flat(), metrics.length, ...metrics);
  return args;
}

/** Things in groups of one key each, in order of first mention. */
export function grouped<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return groups;
}

function addEntities(args: Arguments, entities: readonly EntityWrite[]): void {
  const groups = grouped(entities, ({ ref }) => entitiesSuffix(ref.kind, ref.accountId));
  args.push(groups.size);
  for (const [suffix, writes] of groups) {
    const ref = writes[0]?.ref;
    args.push(suffix, ref === undefined ? '' : dueMemberPrefix(ref.kind, ref.accountId), writes.length);
    for (const { ref: one, record, due } of writes) {
      args.push(escapeText(one.id), record === null ? '' : encodeRecord(record), due ?? '');
    }
  }
}

function addMarks(args: Arguments, { marks, marksAt, clock }: Change): void {
  const buckets = marksByBucket(marks, (index) => marksAt?.[index] ?? clock);
  args.push(buckets.size);
  for (const [bucket, identities] of buckets) args.push(bucket, markBlob(identities));
  args.push(oldestMarkBucket(clock));
}

function addSeries(args: Arguments, series: readonly SeriesDelta[]): void {
  const groups = grouped(series, (delta) => `${delta.metric} ${delta.limit}`);
  args.push(groups.size);
  for (const deltas of groups.values()) {
    const { metric = '', kind, limit = 0 } = deltas[0] ?? {};
    args.push(metric, kind === 'gauge' || kind === 'age' ? 'gauge' : 'total', limit, deltas.length);
    for (const delta of deltas) args.push(delta.labelsText, packDelta(delta));
  }
}

function addAges(args: Arguments, { ages }: Change): void {
  const groups = grouped(ages, (age) => ageSuffix(age.metric, age.labelsText));
  args.push(groups.size);
  for (const [suffix, writes] of groups) {
    args.push(suffix, writes.length);
    for (const { member, since } of writes) args.push(escapeText(member), since ?? '');
  }
}

/** The sorted set of one series of an age gauge, without the partition's prefix and `age:`. */
export function ageSuffix(metric: string, labelsText: string): string {
  return `${metric} ${labelsText}`;
}
