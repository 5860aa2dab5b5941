import { randomBytes } from 'node:crypto';
import { Sessions, type TokenFile } from '@app/access';
import type { RedisClient } from '@app/redis';

/** What lets a request in: tokens, and the sessions of browsers that have shown one. */
export interface Doors {
  readonly tokens: TokenFile;
  readonly sessions: Sessions;
  /** Ends the watch on the file of tokens. */
  stop(): void;
}

/** The key that seals sessions is the same for all replicas, made by the first. */
const SESSION_KEY = 'lm:session-key';

/** The doors of these tokens; null where there is no file of tokens: then nobody is asked. */
export async function openDoors(tokens: TokenFile | null, redis: RedisClient): Promise<Doors | null> {
  if (tokens === null) return null;
  await redis.set(SESSION_KEY, randomBytes(32).toString('hex'), 'NX');
  const key = Buffer.from((await redis.get(SESSION_KEY)) ?? '', 'hex');
  return { tokens, sessions: new Sessions(key, () => Date.now()), stop: () => tokens.stop() };
}
