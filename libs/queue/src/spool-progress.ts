import type { RedisClient } from '@app/redis';
import { ARCHIVE, partitionPrefix } from './keys.js';

const KEY = `${partitionPrefix(ARCHIVE)}:spools`;

/** Segments that are remembered; those that were begun first are forgotten first. */
const KEPT = 1_000;

/** How far the segments of spools have been archived: what ingestion sends twice is known by it. */
export class SpoolProgress {
  private lines = new Map<string, number>();
  private readonly changed = new Set<string>();

  constructor(private readonly redis: RedisClient) {}

  /** Reads what is known; what was noted and not saved is forgotten. */
  async load(): Promise<void> {
    const kept = await this.redis.hgetall(KEY);
    this.lines = new Map(Object.entries(kept).map(([segment, line]) => [segment, Number(line)]));
    this.changed.clear();
  }

  /** Whether the line (from 1) of a segment is new; from now on it is not. */
  note(segment: string, line: number): boolean {
    if (line <= (this.lines.get(segment) ?? 0)) return false;
    this.lines.set(segment, line);
    this.changed.add(segment);
    return true;
  }

  /** Keeps what was noted. */
  async save(): Promise<void> {
    if (this.changed.size === 0) return;
    await this.redis.hset(KEY, Object.fromEntries([...this.changed].map((one) => [one, this.lines.get(one) ?? 0])));
    this.changed.clear();
    const old = [...this.lines.keys()].sort().slice(0, -KEPT);
    if (old.length === 0) return;
    await this.redis.hdel(KEY, ...old);
    for (const segment of old) this.lines.delete(segment);
  }
}
