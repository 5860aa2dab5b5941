/** The oldest Redis that has all we use. */
export const LEAST_REDIS = '6.2';

/** What a server program says of itself. */
export interface ServerVersion {
  readonly name: 'Redis' | 'Valkey';
  readonly version: string;
  /** Whether it is at least {@link LEAST_REDIS}; every Valkey is. */
  readonly supported: boolean;
}

/** Reads the answer to `--version`; null when no Redis or Valkey gave it. */
export function parseServerVersion(answer: string): ServerVersion | null {
  const match = /\b(Redis|Valkey) server v=(\d+)\.(\d+)([.\w-]*)/.exec(answer);
  if (match === null) return null;
  const [, name, major, minor, rest] = match;
  const supported = Number(major) > 6 || (Number(major) === 6 && Number(minor) >= 2);
  return { name: name === 'Valkey' ? 'Valkey' : 'Redis', version: `${major}.${minor}${rest}`, supported };
}
