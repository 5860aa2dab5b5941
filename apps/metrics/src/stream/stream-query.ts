import { ParameterReader, type Parameters, type Read, type Rule } from '../http/parameters.js';

/** What can be watched: resources of an account, under the names that they have in its addresses. */
export const WATCHED = ['load', 'agents', 'conversations', 'metrics'] as const;

/** One thing that a stream follows. */
export interface Watch {
  /** As it was asked for: `agents?sort=-load&limit=50`. It names the events, too. */
  readonly text: string;
  readonly resource: (typeof WATCHED)[number];
  readonly parameters: Parameters;
  /** How often it is looked at (ms). */
  readonly everyMs: number;
}

/** What a stream is asked for. */
export interface StreamQuery {
  readonly account: string;
  readonly watches: readonly Watch[];
}

/** The most that one stream follows. */
export const MOST_WATCHES = 16;

const EVERY_MS = 1_000;
/** A course is kept by the minute, and is dear. */
const COURSE_EVERY_MS = 10_000;

const ACCOUNT: Rule<string> = { allowed: 'the id of an account', parse: (text) => text };

const ALLOWED_WATCH =
  `1 to ${MOST_WATCHES} different ones, each of ${WATCHED.join(', ')} with its own parameters, encoded: ` +
  'watch=agents%3Fsort%3D-load%26limit%3D50; metrics only with name';

/** Reads the parameters of a stream; names every one that is wrong. The parameters of a watch are left to its resource. */
export function readStreamQuery(parameters: Parameters): Read<StreamQuery> {
  const reader = new ParameterReader(parameters);
  reader.refuseOthers(['account', 'watch']);
  const account = reader.read('account', ACCOUNT, '');
  if (parameters['account'] === undefined) reader.wrong('account', ACCOUNT.allowed);
  const watches = readWatches(parameters['watch']);
  if (watches === null) reader.wrong('watch', ALLOWED_WATCH);
  return reader.result({ account, watches: watches ?? [] });
}

function readWatches(given: unknown): Watch[] | null {
  const texts: unknown[] = Array.isArray(given) ? given : [given];
  if (texts.length > MOST_WATCHES || new Set(texts).size < texts.length) return null;
  const watches = texts.map(readWatch);
  return watches.every((watch) => watch !== null) ? watches : null;
}

function readWatch(text: unknown): Watch | null {
  // A line break would end the line of the event that bears the name.
  if (typeof text !== 'string' || /[\r\n\0]/.test(text)) return null;
  const [name, query = ''] = text.split(/\?(.*)/s, 2);
  const resource = WATCHED.find((known) => known === name);
  if (resource === undefined) return null;
  const parameters: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const read = new URLSearchParams(query);
  for (const key of new Set(read.keys())) {
    const values = read.getAll(key);
    parameters[key] = values.length === 1 ? values[0] : values;
  }
  if (resource === 'metrics' && parameters['name'] === undefined) return null;
  const everyMs = parameters['range'] === undefined ? EVERY_MS : COURSE_EVERY_MS;
  return { text, resource, parameters, everyMs };
}
