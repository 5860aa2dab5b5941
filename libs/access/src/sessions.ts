import { createHmac } from 'node:crypto';
import { digestOf, sameSecret } from './secret.js';
import type { Token } from './tokens.js';

/** How long a browser stays signed in (s). */
export const SESSION_SECONDS = 12 * 60 * 60;

/**
 * What a browser keeps in place of a token: its name and an end, sealed with a key of the system and the token's own
 * digest. Nothing is stored, every replica knows it, and it ends at once when its token leaves the file.
 */
export class Sessions {
  /** `key`: 32 random bytes that all replicas share. `nowMs`: Unix time (ms). */
  constructor(
    private readonly key: Buffer,
    private readonly nowMs: () => number,
  ) {}

  /** The value of a cookie that stands for the token from now on. */
  begin(token: Token): string {
    const claim = claimOf(token.name, Math.floor(this.nowMs() / 1000) + SESSION_SECONDS);
    return `${claim}.${this.seal(claim, token)}`;
  }

  /** The token for which the value of a cookie stands; null when it is not genuine, has ended, or its token is gone. */
  find(tokens: readonly Token[], value: string): Token | null {
    const [, claim = '', name = '', until = '', seal = ''] =
      /^(([\w-]{1,128})\.(\d{1,12}))\.([\w-]{1,64})$/.exec(value) ?? [];
    const token = tokens.find((one) => claimOf(one.name, Number(until)) === claim);
    if (token === undefined || name === '' || Number(until) * 1000 <= this.nowMs()) return null;
    return sameSecret(digestOf(seal), digestOf(this.seal(claim, token))) ? token : null;
  }

  private seal(claim: string, token: Token): string {
    return createHmac('sha256', this.key).update(token.digest).update(claim).digest('base64url');
  }
}

function claimOf(name: string, until: number): string {
  return `${Buffer.from(name).toString('base64url')}.${until}`;
}
