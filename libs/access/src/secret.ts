import { createHash, timingSafeEqual } from 'node:crypto';

/** The SHA-256 of a secret (32 bytes): what is compared in its stead, so that neither content nor length shows. */
export type Digest = Buffer;

/** Hashes what someone presents. Headers arrive as latin1, which gives the bytes back as they were sent. */
export function digestOf(secret: string, encoding: 'utf8' | 'latin1' = 'utf8'): Digest {
  return createHash('sha256').update(secret, encoding).digest();
}

/** Whether two secrets are the same, in a time that tells nothing of where they differ. */
export function sameSecret(a: Digest, b: Digest): boolean {
  return timingSafeEqual(a, b);
}
