import { entityKey, type EntityKind, type EntityRef, parseEntityKey } from '@app/event';

/**
 * The keys of one partition's state, all under one hash tag and so in one slot of a cluster. Scripts build them from the
 * prefix, since what they touch is known only while they run:
 *
 * - `head` hash: see `head.ts` · `layouts` hash: layout id → layout text · `accounts` set · `stats` hash
 * - `entity:<kind>:<account>` hash: id → record; `entities` set: those keys without `entity:`
 * - `due` sorted set: entity by the time when something of it is due (ms)
 * - `sizes` hash: metric and account → how many label sets that metric has with it
 * - `series:<metric>` hash: labels → numbers, see `packed-series.ts`; `metrics` hash: metric → `gauge` | `total`
 * - `age:<metric> <labels>` sorted set: entity by time (ms); `ages` set: those keys without `age:`
 * - `seen:<bucket>.<generation>:<slot>` string: see `marks-lua.ts`
 */
export function partitionPrefix(partition: number): string {
  return `{lm:${partition}}:`;
}

/** Where the newest of a partition's values, its version and its clock are. */
export function headKey(partition: number): string {
  return `${partitionPrefix(partition)}head`;
}

/** The hash that holds an account's entities of one kind, without the partition's prefix and `entity:`. */
export function entitiesSuffix(kind: EntityKind, accountId: string): string {
  return `${kind}:${escapeText(accountId)}`;
}

/** What {@link entitiesSuffix} was made of. */
export function parseEntitiesSuffix(suffix: string): { readonly kind: EntityKind; readonly accountId: string } {
  const colon = suffix.indexOf(':');
  return { kind: suffix.slice(0, colon) as EntityKind, accountId: unescapeText(suffix.slice(colon + 1)) };
}

/** An entity's member in `due` begins with this; its escaped id follows. */
export function dueMemberPrefix(kind: EntityKind, accountId: string): string {
  return entityKey({ kind, accountId: escapeText(accountId), id: '' });
}

/** The entity of a member in `due`. */
export function parseDueMember(member: string): EntityRef {
  const { kind, accountId, id } = parseEntityKey(member);
  return { kind, accountId: unescapeText(accountId), id: unescapeText(id) };
}

/** Text as Redis may keep it: UTF-8 knows no lone surrogates, and two of them must not become one. */
export function escapeText(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text).slice(1, -1);
}

/** The inverse of {@link escapeText}. */
export function unescapeText(text: string): string {
  return PLAIN.test(text) ? text : (JSON.parse(`"${text}"`) as string);
}

/** Printable ASCII without quote and backslash: what JSON leaves as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;
