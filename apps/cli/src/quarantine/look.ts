import { isUtf8 } from 'node:buffer';
import { type KeptQuarantineEntry, QuarantineStore, type QuarantineSummary, UnknownTypesStore } from '@app/state';
import type { RedisClient } from '@app/redis';
import { EXIT, type ExitCode, Failure } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { chosen, type Selection } from './selection.js';

/** Prints the entries that are meant, one per line; as JSON, one object per line. */
export async function list(
  redis: RedisClient,
  selection: Selection,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const store = new QuarantineStore(redis);
  let shown = 0;
  for await (const page of chosen(store, selection)) {
    shown += page.length;
    await terminal.out(page.map((entry) => `${json ? JSON.stringify(shownOf(entry)) : lineOf(entry)}\n`).join(''));
  }
  const { entries, bytes, dropped } = await store.use();
  terminal.err(`${shown} of ${entries} entries, ${bytes} bytes; ${dropped} older ones had to go so far`);
  return EXIT.good;
}

/** Prints one entry with its raw bytes: as text where they are, else in base64. */
export async function show(redis: RedisClient, id: string, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const entry = await new QuarantineStore(redis).get(id);
  if (entry === null) throw new Failure(`there is no entry ${id}: it was replayed or dropped, or had to go`);
  const { raw, encoding } = rawOf(entry);
  const shown = shownOf(entry);
  if (json) await terminal.out(`${JSON.stringify({ ...shown, encoding, raw })}\n`);
  else {
    const lines = Object.entries({ ...shown, encoding }).map(([name, value]) => `${name.padEnd(10)} ${value ?? '-'}`);
    await terminal.out(`${lines.join('\n')}\n\n${encoding === 'text' ? harmless(raw) : raw}\n`);
  }
  return EXIT.good;
}

/** Prints the unknown types and how many events of each came, or the newest events of one. */
export async function types(
  redis: RedisClient,
  type: string | null,
  limit: number,
  terminal: Terminal,
): Promise<ExitCode> {
  const store = new UnknownTypesStore(redis);
  if (type === null) {
    const counts = [...(await store.counts())].sort(([, a], [, b]) => b - a);
    await terminal.out(counts.map(([name, count]) => `${String(count).padStart(9)}  ${harmless(name)}\n`).join(''));
    terminal.err(`${counts.length} unknown types`);
    return EXIT.good;
  }
  const events = await store.list(type, limit);
  for (const { at, source, raw } of events) {
    const text = Buffer.from(raw).toString('utf8').replace(/\s+/g, ' ');
    await terminal.out(`${new Date(at).toISOString()}  ${source}  ${harmless(text)}\n`);
  }
  terminal.err(`${events.length} events of this type are kept`);
  return EXIT.good;
}

/** An entry as people and programs read it. */
function shownOf({ id, at, source, accountId, reason, detail, rawBytes, keptBytes }: QuarantineSummary) {
  return { id, at: new Date(at).toISOString(), source, accountId, reason, detail, rawBytes, keptBytes };
}

function lineOf(entry: QuarantineSummary): string {
  const { id, at, source, accountId, reason, detail, rawBytes } = shownOf(entry);
  return harmless(`${id}  ${at}  ${source}  ${accountId ?? '-'}  ${reason}  ${rawBytes} bytes  ${detail}`);
}

function rawOf({ raw }: KeptQuarantineEntry): { readonly raw: string; readonly encoding: 'text' | 'base64' } {
  const bytes = Buffer.from(raw);
  return isUtf8(bytes)
    ? { raw: bytes.toString('utf8'), encoding: 'text' }
    : { raw: bytes.toString('base64'), encoding: 'base64' };
}

/** What others wrote, without what a terminal would obey. */
function harmless(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, '\ufffd');
}
