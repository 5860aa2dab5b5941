import type { ParameterReader, Rule } from '../http/parameters.js';
import { wholeNumber } from '../http/parameters.js';

/** By what a list is sorted, and in which direction. */
export interface Order<Field extends string> {
  readonly sort: Field;
  readonly descending: boolean;
}

/** A place in a sorted list: the value that was sorted by, and the id that broke the tie. */
export interface Place {
  readonly value: string | number | boolean | null;
  readonly id: string;
}

/** Which page of a sorted list is asked for. */
export interface PageQuery<Field extends string> extends Order<Field> {
  readonly limit: number;
  /** Only what comes after this place of the order; null = from the start. */
  readonly after: Place | null;
}

/** One page, and the cursor of the page after it; null at the end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** How many entries a page may have, and how many it has unless asked otherwise. */
export const LIMIT = { least: 1, most: 1000, usual: 100 };

/** The parameters that {@link readPage} reads. */
export const PAGE_PARAMETERS = ['sort', 'limit', 'cursor'] as const;

/** Reads `sort`, `limit` and `cursor`; unless asked otherwise a list is sorted by its first field. */
export function readPage<Field extends string>(
  reader: ParameterReader,
  fields: readonly [Field, ...Field[]],
): PageQuery<Field> {
  const order = reader.read<Order<Field>>('sort', sortRule(fields), { sort: fields[0], descending: false });
  const limit = reader.read('limit', wholeNumber(LIMIT.least, LIMIT.most), LIMIT.usual);
  const cursor: Rule<Place | null> = {
    allowed: '"next" of the reply before, with the same sort',
    parse: (text) => parseCursor(text, order),
  };
  return { ...order, limit, after: reader.read('cursor', cursor, null) };
}

/**
 * Sorts and cuts. Entries without a value come last in either direction, ties are broken by id. A page starts after the
 * place where the one before it ended, so that entries which come and go between two pages shift nothing.
 */
export function pageOf<Item extends { readonly id: string }, Field extends string>(
  items: readonly Item[],
  query: PageQuery<Field>,
  placed: { readonly descending: boolean; readonly valueOf: (item: Item) => Place['value'] },
): Page<Item> {
  const compare = (a: Place, b: Place): number => comparePlaces(a, b, placed.descending);
  const { after } = query;
  const rest = items
    .map((item) => ({ item, place: { value: placed.valueOf(item), id: item.id } }))
    .filter(({ place }) => after === null || compare(place, after) > 0)
    .sort((a, b) => compare(a.place, b.place));
  const page = rest.slice(0, query.limit);
  const last = page.at(-1);
  const next = last !== undefined && rest.length > page.length ? cursorAfter(last.place, query) : null;
  return { items: page.map(({ item }) => item), next };
}

/** The cursor with which a list goes on after `place`; it holds only for the same order. */
function cursorAfter<Field extends string>(place: Place, order: Order<Field>): string {
  return Buffer.from(JSON.stringify([sortText(order), place.value, place.id])).toString('base64url');
}

function comparePlaces(a: Place, b: Place, descending: boolean): number {
  if (a.value === null || b.value === null) {
    if (a.value !== b.value) return a.value === null ? 1 : -1;
  } else if (a.value !== b.value) {
    const order = a.value < b.value ? -1 : 1;
    return descending ? -order : order;
  }
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

function parseCursor<Field extends string>(text: string, order: Order<Field>): Place | undefined {
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

function sortText<Field extends string>({ sort, descending }: Order<Field>): string {
  return descending ? `-${sort}` : sort;
}

function isSortable(value: unknown): value is Place['value'] {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function sortRule<Field extends string>(fields: readonly Field[]): Rule<Order<Field>> {
  return {
    allowed: `${fields.join(', ')}; with - in front for the greatest first`,
    parse: (text) => {
      const descending = text.startsWith('-');
      const sort = fields.find((field) => field === text.slice(descending ? 1 : 0));
      return sort === undefined ? undefined : { sort, descending };
    },
  };
}
