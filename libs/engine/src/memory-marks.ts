import { markBucketEnd, markBucketOf, oldestMarkBucket } from './retention.js';

/** The identities that a partition in memory remembers, forgotten by the bucket as its clock goes on. */
export class MemoryMarks {
  private readonly bucketOf = new Map<string, number>();
  private readonly buckets = new Map<number, string[]>();

  /** Until when (ms, exclusive) the identity is remembered, or null. */
  seenUntil(identity: string): number | null {
    const bucket = this.bucketOf.get(identity);
    return bucket === undefined ? null : markBucketEnd(bucket);
  }

  /** Remembers an identity that was received at `clock` (ms). */
  add(identity: string, clock: number): void {
    const bucket = markBucketOf(clock);
    this.bucketOf.set(identity, bucket);
    const identities = this.buckets.get(bucket);
    if (identities === undefined) this.buckets.set(bucket, [identity]);
    else identities.push(identity);
  }

  /** Forgets what is too old at `clock` (ms). */
  forget(clock: number): void {
    const oldest = oldestMarkBucket(clock);
    for (const [bucket, identities] of this.buckets) {
      if (bucket >= oldest) continue;
      this.buckets.delete(bucket);
      for (const identity of identities) {
        if (this.bucketOf.get(identity) === bucket) this.bucketOf.delete(identity);
      }
    }
  }
}
