import type { QuarantineFilter } from '@app/state';
import { ProblemError, problemOf } from '../http/problem.js';

/** Which entries are asked for. */
export interface QuarantineQuery {
  readonly filter: QuarantineFilter;
  readonly limit: number;
  /** Only what comes after this id; null = from the oldest. */
  readonly after: string | null;
}

const LIMIT = { most: 1_000, usual: 100 };

const ALLOWED = {
  account: 'an account id',
  reason: 'a reason, as entries tell it',
  source: 'the name of a source, as entries tell it',
  from: 'an RFC 3339 time: set aside at or after it',
  to: 'an RFC 3339 time: set aside before it',
  limit: `a whole number from 1 to ${LIMIT.most}`,
  cursor: '"next" of the reply before',
} as const;

type Name = keyof typeof ALLOWED;

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

export const ENTRY_ID = /^\d{1,20}-\d{1,20}$/;

/** Reads the parameters of a list of entries; throws a problem that names every one that is wrong. */
export function readQuarantineQuery(parameters: Readonly<Record<string, unknown>>): QuarantineQuery {
  const errors: { parameter: string; allowed: string }[] = [];
  const read = <T>(name: Name, parse: (text: string) => T | undefined, absent: T): T => {
    const given = parameters[name];
    if (given === undefined) return absent;
    const parsed = typeof given === 'string' ? parse(given) : undefined;
    if (parsed === undefined) errors.push({ parameter: name, allowed: ALLOWED[name] });
    return parsed ?? absent;
  };
  for (const name of Object.keys(parameters)) {
    if (!Object.hasOwn(ALLOWED, name))
      errors.push({ parameter: name, allowed: `only ${Object.keys(ALLOWED).join(', ')}` });
  }
  const filter = {
    accountId: read<string | null>('account', asText, null),
    reason: read<string | null>('reason', asText, null),
    source: read<string | null>('source', asText, null),
    from: read<number | null>('from', asInstant, null),
    to: read<number | null>('to', asInstant, null),
  };
  const limit = read('limit', asLimit, LIMIT.usual);
  const after = read<string | null>('cursor', (text) => (ENTRY_ID.test(text) ? text : undefined), null);
  if (errors.length === 0) return { filter, limit, after };
  const wrong = errors.map(({ parameter, allowed }) => `${parameter}: ${allowed}`).join('; ');
  throw new ProblemError(problemOf(400, { detail: `What is allowed: ${wrong}.`, errors }));
}

/** The ids of a body such as `{"ids":["1764108000000-0"]}`; throws a problem when it is another. */
export function readIds(body: unknown): readonly string[] {
  const ids: unknown = typeof body === 'object' && body !== null && 'ids' in body ? body.ids : undefined;
  const isId = (id: unknown): id is string => typeof id === 'string' && ENTRY_ID.test(id);
  if (Array.isArray(ids) && ids.length <= LIMIT.most && ids.every(isId)) return ids;
  const detail = `The body is JSON such as {"ids":["1764108000000-0"]}, at most ${LIMIT.most} of them.`;
  throw new ProblemError(problemOf(400, { detail }));
}

function asText(text: string): string | undefined {
  return text.length <= 1_024 ? text : undefined;
}

function asInstant(text: string): number | undefined {
  const instant = RFC_3339.test(text) ? Date.parse(text.toUpperCase()) : NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

function asLimit(text: string): number | undefined {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= LIMIT.most ? limit : undefined;
}
