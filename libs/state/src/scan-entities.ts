import type { ScanPage } from '@app/engine';
import type { RedisClient } from '@app/redis';
import { parseEntitiesSuffix, unescapeText } from './keys.js';

/**
 * A page of a partition's entities, account by account. A cursor is Redis' own within an account's hash, then the hash's
 * suffix: `<cursor> <suffix>`; hashes are walked in the order of their names, those that are added behind it as well.
 */
export async function scanEntities(
  redis: RedisClient,
  prefix: string,
  cursor: string | null,
  limit: number,
): Promise<ScanPage> {
  const suffixes = (await redis.smembers(`${prefix}entities`)).sort();
  const space = cursor === null ? -1 : cursor.indexOf(' ');
  const within = cursor === null ? '0' : cursor.slice(0, space);
  const suffix = cursor === null ? suffixes[0] : cursor.slice(space + 1);
  if (suffix === undefined) return { entities: [], next: null };
  const [next, flat] = await redis.hscan(`${prefix}entity:${suffix}`, within, 'COUNT', limit);
  const owner = parseEntitiesSuffix(suffix);
  const ids = flat.filter((_, index) => index % 2 === 0);
  const after = next === '0' ? suffixes.find((other) => other > suffix) : suffix;
  return {
    entities: ids.map((id) => ({ ...owner, id: unescapeText(id) })),
    next: after === undefined ? null : `${next} ${after}`,
  };
}
