import { createHmac } from 'node:crypto';

/** The value of `x-liveperson-signature`: HMAC-SHA256 of the body's UTF-8 bytes, in Base64, with its prefix. */
export function signature(key: string, body: string): string {
  return `sha256=${createHmac('sha256', key).update(body, 'utf8').digest('base64')}`;
}
