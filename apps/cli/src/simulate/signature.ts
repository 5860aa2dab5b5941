import { createHmac } from 'node:crypto';
import type { Algorithm } from '@app/config';

/** How a digest is made and written. */
export interface SignatureForm {
  readonly algorithm: Algorithm;
  readonly encoding: 'base64' | 'base64url' | 'hex';
}

const USUAL: SignatureForm = { algorithm: 'sha256', encoding: 'base64' };

/** The value of `x-liveperson-signature`: the HMAC of the body's UTF-8 bytes, with the algorithm as its prefix. */
export function signature(key: string, body: string, { algorithm, encoding } = USUAL): string {
  return `${algorithm}=${createHmac(algorithm, key).update(body, 'utf8').digest(encoding)}`;
}
