import type { Value } from '@app/language';
import { decodeEvent, decodeRecent, encodeEvent, encodeRecent } from './codec-event.js';
import { ShapeReader } from './codec-reader.js';
import type { Contribution, EntityRecord, TimerRecord } from './entity.js';
import { compareKeys, type OrderKey } from './order.js';
import { packText, unpackText } from './packed-text.js';

/**
 * Raised whenever the positions below change: a text of another version is not read. A record is one JSON array,
 * `[version, layoutId, known, base, texts, keys, values, setBy, lastKey, lagMs, timers, contributions, held, fired, recent]`:
 * texts and order keys stand once in a table and are named by index, times are relative to `base`. The last two came later
 * and are left out where they say nothing: 0, and no events.
 */
const VERSION = 1;

/** An integer this large (ms) among the values is most likely a time, and is written relative to `base`. */
const TIME_LIKE = 100_000_000_000;

/** Numbers that JSON has no word for. */
const UNSPEAKABLE: ReadonlyMap<unknown, number> = new Map([
  ['-0', -0],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** A record as compact text; well-formed UTF-8 whatever its strings hold. */
export function encodeRecord(record: EntityRecord): string {
  const base = baseOf(record);
  const texts = new Table<string>((a, b) => a === b);
  const keys = new Table<OrderKey>((a, b) => a === b || compareKeys(a, b) === 0);
  const keyAt = (key: OrderKey | null) => (key === null ? -1 : keys.at(key));
  const values = record.values.map((value) => encodeValue(value, base, texts));
  const setBy = record.setBy.map(keyAt);
  const lastKey = keyAt(record.lastKey);
  const timers = record.timers.flatMap(({ at, armedAt, firedFor }) => [
    at === null ? null : at - base,
    armedAt - base,
    firedFor === null ? null : firedFor - base,
  ]);
  const contributions = record.contributions.map((contribution) => {
    if (contribution === null) return 0;
    const { value, labels, accrued } = contribution;
    const tail = accrued === undefined ? [] : [[accrued.since - base, accrued.micro]];
    return [encodeNumber(value, base), ...labels.map((label) => texts.at(label)), ...tail];
  });
  const keyTable = keys.entries.flatMap((key) => [
    key.time - base,
    key.rank,
    packText(key.uid),
    texts.at(key.conversationId),
    texts.at(key.agentId),
  ]);
  const head = [VERSION, packText(record.layoutId), record.known ? 1 : 0, base];
  const tables = [texts.entries.map(packText), keyTable];
  const held = record.held.map(encodeEvent);
  const rest = [setBy, lastKey, record.lagMs, timers, contributions, held];
  return JSON.stringify([...head, ...tables, values, ...rest, ...encodeTail(record, base)]);
}

function encodeTail({ fired = 0, recent }: EntityRecord, base: number): readonly unknown[] {
  if (recent.length > 0) return [fired, encodeRecent(recent, base)];
  return fired === 0 ? [] : [fired];
}

/** The inverse of {@link encodeRecord}; null when the text is corrupt or of another version. */
export function decodeRecord(text: string): EntityRecord | null {
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(parts) || parts[0] !== VERSION) return null;
  return readRecord(parts, new ShapeReader());
}

function readRecord(parts: readonly unknown[], read: ShapeReader): EntityRecord | null {
  const [, layoutId, known, base, textTable, keyTable, values, setBy, lastKey, lagMs, timers, ...rest] = parts;
  const [contributions, held, fired = 0, recent = []] = rest;
  read.base = read.number(base);
  const texts = read.list(textTable).map((text) => readText(text, read));
  const keys = readKeys(read.list(keyTable), texts, read);
  const keyAt = (index: unknown) => (index === -1 ? null : read.pick(keys, index));
  const record: EntityRecord = {
    layoutId: readText(layoutId, read),
    known: known === 1 || (known !== 0 && read.fail(false)),
    values: read.list(values).map((value) => decodeValue(value, texts, read)),
    setBy: read.list(setBy).map(keyAt),
    lastKey: keyAt(lastKey),
    lagMs: read.number(lagMs),
    timers: readTimers(read.list(timers), read),
    contributions: read.list(contributions).map((contribution) => readContribution(contribution, texts, read)),
    held: read.list(held).map((event) => decodeEvent(event, read)),
    ...(fired === 0 ? {} : { fired: read.number(fired) }),
    recent: decodeRecent(recent, read),
  };
  return read.broken ? null : record;
}

/** Entries of a list, each once, in order of first mention: so few that a walk is faster than a map. */
class Table<Entry> {
  readonly entries: Entry[] = [];

  constructor(private readonly isSame: (a: Entry, b: Entry) => boolean) {}

  at(entry: Entry): number {
    const { entries, isSame } = this;
    for (let index = 0; index < entries.length; index += 1) {
      if (isSame(entries[index] as Entry, entry)) return index;
    }
    return entries.push(entry) - 1;
  }
}

/** The time to which the record's times are relative: 0 where a difference would not be exact. */
function baseOf(record: EntityRecord): number {
  const base = record.lastKey?.time ?? record.timers[0]?.armedAt ?? 0;
  const isExact = (time: number | null) => time === null || (Number.isInteger(time) && isSafe(time, base));
  const exact =
    isExact(base) &&
    record.setBy.every((key) => key === null || isExact(key.time)) &&
    record.recent.every(({ time }) => isExact(time)) &&
    record.contributions.every((each) => isExact(each?.accrued?.since ?? null)) &&
    record.timers.every(({ at, armedAt, firedFor }) => isExact(at) && isExact(armedAt) && isExact(firedFor));
  return exact ? base : 0;
}

function isSafe(time: number, base: number): boolean {
  return Number.isSafeInteger(time) && Number.isSafeInteger(time - base);
}

/** A text is `[index]`; a large integer is text, relative to the base; what JSON has no word for is `["…"]`. */
function encodeValue(value: Value, base: number, texts: Table<string>): unknown {
  if (typeof value === 'string') return [texts.at(value)];
  return typeof value === 'number' ? encodeNumber(value, base) : value;
}

function encodeNumber(value: number, base: number): unknown {
  if (value >= TIME_LIKE && isSafe(value, base)) return String(value - base);
  return Number.isFinite(value) && !Object.is(value, -0) ? value : [Object.is(value, -0) ? '-0' : String(value)];
}

function decodeValue(value: unknown, texts: readonly string[], read: ShapeReader): Value {
  if (value === null || typeof value === 'boolean') return value;
  if (Array.isArray(value) && typeof value[0] === 'number') return read.pick(texts, value[0]);
  return decodeNumber(value, read);
}

function decodeNumber(value: unknown, read: ShapeReader): number {
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return UNSPEAKABLE.get(value[0]) ?? read.fail(0);
  const time = Number(read.text(value)) + read.base;
  return Number.isSafeInteger(time) ? time : read.fail(0);
}

function readText(value: unknown, read: ShapeReader): string {
  return unpackText(read.text(value)) ?? read.fail('');
}

function readKeys(parts: readonly unknown[], texts: readonly string[], read: ShapeReader): OrderKey[] {
  const keys: OrderKey[] = [];
  for (let at = 0; at < parts.length; at += 5) {
    keys.push({
      time: read.time(parts[at]),
      rank: read.number(parts[at + 1]),
      uid: readText(parts[at + 2], read),
      conversationId: read.pick(texts, parts[at + 3]) ?? '',
      agentId: read.pick(texts, parts[at + 4]) ?? '',
    });
  }
  return keys;
}

function readTimers(parts: readonly unknown[], read: ShapeReader): TimerRecord[] {
  const timers: TimerRecord[] = [];
  for (let at = 0; at < parts.length; at += 3) {
    timers.push({
      at: read.timeOrNull(parts[at]),
      armedAt: read.time(parts[at + 1]),
      firedFor: read.timeOrNull(parts[at + 2]),
    });
  }
  return timers;
}

function readContribution(value: unknown, texts: readonly string[], read: ShapeReader): Contribution | null {
  if (value === 0) return null;
  const [amount, ...rest] = read.list(value);
  const last = rest.at(-1);
  const labels = (Array.isArray(last) ? rest.slice(0, -1) : rest).map((label) => read.pick(texts, label) ?? '');
  const contribution = { value: decodeNumber(amount, read), labels };
  if (!Array.isArray(last)) return contribution;
  const accrued = { since: read.number(last[0]) + read.base, micro: read.number(last[1]) };
  return { ...contribution, accrued };
}
