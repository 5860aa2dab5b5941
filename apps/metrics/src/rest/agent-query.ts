import { AGENT_STATES } from '@app/event';
import { AGENT_VIEW_FIELDS, type AgentView } from './agent-view.js';

/** What a list of agents is asked for. */
export interface AgentQuery {
  /** Only agents in one of these states, where `UNKNOWN` is also that of which none is known; null = any. */
  readonly states: readonly string[] | null;
  /** Only agents with at least this load; null = any, also without a load. */
  readonly minLoad: number | null;
  readonly sort: keyof AgentView;
  readonly descending: boolean;
  readonly limit: number;
  /** Only what comes after this place of the order; null = from the start. */
  readonly after: Place | null;
}

/** A place in a sorted list: the value that was sorted by, and the id that broke the tie. */
export interface Place {
  readonly value: string | number | boolean | null;
  readonly id: string;
}

/** A parameter that cannot be understood, and what is allowed instead. */
export interface BadParameter {
  readonly parameter: string;
  readonly allowed: string;
}

export type AgentQueryResult =
  { readonly ok: true; readonly query: AgentQuery } | { readonly ok: false; readonly errors: readonly BadParameter[] };

const LIMIT = { least: 1, most: 1000, usual: 100 };

const ALLOWED = {
  state: `${AGENT_STATES.join(', ')}; several separated by commas`,
  min_load: 'a number from 0 up',
  sort: `${AGENT_VIEW_FIELDS.join(', ')}; with - in front for the greatest first`,
  limit: `a whole number from ${LIMIT.least} to ${LIMIT.most}`,
  cursor: '"next" of the reply before, with the same sort',
} as const;

type Name = keyof typeof ALLOWED;

type Order = Pick<AgentQuery, 'sort' | 'descending'>;

/** Reads the parameters of a list of agents; names every one that is wrong. */
export function readAgentQuery(parameters: Readonly<Record<string, unknown>>): AgentQueryResult {
  const errors: BadParameter[] = [];
  const read = <T>(name: Name, parse: (text: string) => T | undefined, absent: T): T => {
    const given = parameters[name];
    if (given === undefined) return absent;
    const parsed = typeof given === 'string' && given !== '' ? parse(given) : undefined;
    if (parsed === undefined) errors.push({ parameter: name, allowed: ALLOWED[name] });
    return parsed ?? absent;
  };
  for (const name of Object.keys(parameters)) {
    if (!Object.hasOwn(ALLOWED, name))
      errors.push({ parameter: name, allowed: `only ${Object.keys(ALLOWED).join(', ')}` });
  }
  const order = read<Order>('sort', parseSort, { sort: 'id', descending: false });
  const query: AgentQuery = {
    states: read<readonly string[] | null>('state', parseStates, null),
    minLoad: read<number | null>('min_load', parseLoad, null),
    ...order,
    limit: read('limit', parseLimit, LIMIT.usual),
    after: read<Place | null>('cursor', (text) => parseCursor(text, order), null),
  };
  return errors.length > 0 ? { ok: false, errors } : { ok: true, query };
}

/** The cursor with which a list goes on after `place`; it holds only for the same order. */
export function cursorAfter(place: Place, query: Order): string {
  return Buffer.from(JSON.stringify([sortText(query), place.value, place.id])).toString('base64url');
}

function parseCursor(text: string, order: Order): Place | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(parsed) || parsed.length !== 3) return undefined;
    const [sort, value, id] = parsed as unknown[];
    if (sort !== sortText(order) || typeof id !== 'string' || !isSortable(value)) return undefined;
    return { value, id };
  } catch {
    return undefined;
  }
}

function sortText({ sort, descending }: Order): string {
  return descending ? `-${sort}` : sort;
}

function isSortable(value: unknown): value is Place['value'] {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function parseSort(text: string): Order | undefined {
  const descending = text.startsWith('-');
  const sort = AGENT_VIEW_FIELDS.find((field) => field === text.slice(descending ? 1 : 0));
  return sort === undefined ? undefined : { sort, descending };
}

function parseStates(text: string): readonly string[] | undefined {
  const states = text.split(',');
  return states.every((state) => AGENT_STATES.some((known) => known === state)) ? states : undefined;
}

function parseLoad(text: string): number | undefined {
  return /^\d{1,12}(\.\d{1,12})?$/.test(text) ? Number(text) : undefined;
}

function parseLimit(text: string): number | undefined {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return limit >= LIMIT.least && limit <= LIMIT.most ? limit : undefined;
}
