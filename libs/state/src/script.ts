import { createHash } from 'node:crypto';
import type { RedisClient } from '@app/redis';

/** A Lua script as Redis knows it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/**
 * Lets a script go on when Redis has reached its `maxmemory`. Redis refuses a command that may need memory only as long
 * as the script has written nothing; removing what is not there is a write, and needs none. For what must go on so that
 * memory becomes free, or is bounded anyhow. Without KEYS there is nothing to begin with.
 */
export const EVEN_WHEN_FULL_LUA = `redis.call('UNLINK', KEYS[1] .. ':never')`;

/** Prepares a script; its text opens with its purpose, KEYS, ARGV and replies. */
export function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** Runs a script, and sends its text only when this Redis does not know it yet. Rejects as ioredis does. */
export async function run(
  redis: RedisClient,
  { text, sha }: Script,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
): Promise<unknown> {
  const rest = [keys.length, ...keys, ...args];
  try {
    return await redis.call('EVALSHA', [sha, ...rest]);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.call('EVAL', [text, ...rest]);
  }
}
