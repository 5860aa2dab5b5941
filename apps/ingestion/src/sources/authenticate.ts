import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { digestOf, sameSecret } from '@app/access';
import type { Algorithm, SignatureDeclaration } from '@app/config';

/** Tells whether a request carries one credential. Null when it does; else why not, for the log only. */
export type Match = (headers: IncomingHttpHeaders, body: Buffer) => string | null;

/** A LivePerson signature: an HMAC over the raw bytes of the body. */
export function signatureMatch(declared: Omit<SignatureDeclaration, 'key' | 'type'>, secret: string): Match {
  const { algorithm, clientId, encoding, header } = declared;
  const key = createSecretKey(Buffer.from(secret, 'utf8'));
  return (headers, body) => {
    const given = headers[header];
    if (typeof given !== 'string') return `no header ${header}`;
    const sender = headers['x-liveperson-client-id'];
    if (clientId !== undefined && sender !== undefined && sender !== clientId) return 'another client id';
    const digest = withoutPrefix(given.trim(), algorithm);
    if (digest === null) return `the prefix names another algorithm than ${algorithm}`;
    const form = formOf(digest, algorithm, encoding === 'base64url' ? 'base64' : encoding);
    if (form === null) return `the digest is no ${encoding ?? 'base64 or hex'} text of ${algorithm}`;
    return equal(canonical(digest, form), sign(key, algorithm, form, body)) ? null : 'the signature differs';
  };
}

/** A fixed value in a header of its own. */
export function apiKeyMatch(header: string, secret: string): Match {
  const want = digestOf(secret);
  return (headers) => {
    const given = headers[header];
    if (typeof given !== 'string') return `no header ${header}`;
    return sameSecret(digestOf(given, 'latin1'), want) ? null : `another key in ${header}`;
  };
}

/** `Authorization: Bearer …`. */
export function bearerMatch(token: string): Match {
  const want = digestOf(token);
  return ({ authorization }) => {
    const given = /^bearer +(\S.*)$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) return 'no bearer token';
    return sameSecret(digestOf(given.trimEnd(), 'latin1'), want) ? null : 'another bearer token';
  };
}

/** Bytes of each digest; hex takes two characters for each, base64 four for three. */
const DIGEST_BYTES = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const;

type Form = 'base64' | 'hex';

/** The digest without `sha256=` and the like; null when that names another algorithm. */
function withoutPrefix(text: string, algorithm: Algorithm): string | null {
  const prefix = /^(sha-?\d+)=/i.exec(text);
  if (prefix === null) return text;
  return prefix[1]?.replace('-', '').toLowerCase() === algorithm ? text.slice(prefix[0].length) : null;
}

/** How the digest is written, told by its length; null when it cannot be one, or not as declared. */
function formOf(digest: string, algorithm: Algorithm, declared: Form | undefined): Form | null {
  const bytes = DIGEST_BYTES[algorithm];
  const bare = digest.replace(/={1,2}$/, '').length;
  const form = digest.length === bytes * 2 ? 'hex' : bare === Math.ceil((bytes * 4) / 3) ? 'base64' : null;
  return declared === undefined || declared === form ? form : null;
}

/**
 * One spelling for all those allowed. Texts are compared, not decoded bytes: decoding forgives bits that base64 does not
 * use, and a signature with a flipped bit must not pass.
 */
function canonical(digest: string, form: Form): string {
  if (form === 'hex') return digest.toLowerCase();
  return digest
    .replace(/={1,2}$/, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
}

function sign(key: KeyObject, algorithm: Algorithm, form: Form, body: Buffer): string {
  return canonical(createHmac(algorithm, key).update(body).digest(form), form);
}

/** Compares in a time that tells nothing of where they differ; their length is no secret. */
function equal(given: string, want: string): boolean {
  const a = Buffer.from(given, 'latin1');
  const b = Buffer.from(want, 'latin1');
  return a.length === b.length && timingSafeEqual(a, b);
}
