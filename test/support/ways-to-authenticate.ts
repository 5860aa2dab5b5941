import { createHmac } from 'node:crypto';

const ALGORITHMS = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
const ENCODINGS = ['base64', 'base64url', 'hex'] as const;
/** What a request carries. */
export type Headers = Readonly<Record<string, string>>;

/** One way to authenticate: its source's name, its declaration, and the headers that a holder of the secret sends. */
export interface Way {
  readonly name: string;
  readonly declared: (secret: string) => string;
  readonly headers: (secret: string) => Headers;
}

/** Every algorithm in every encoding, and what signs nothing; the body is the one that is signed. */
export function waysToAuthenticate(body: string): readonly Way[] {
  return [
    ...ALGORITHMS.flatMap((algorithm) =>
      ENCODINGS.map((encoding) => ({
        name: `${algorithm}-${encoding}`,
        declared: (secret: string) =>
          `{ type: lp-signature, key: "\${env:${secret}}", algorithm: ${algorithm}, encoding: ${encoding === 'hex' ? 'hex' : 'base64'} }`,
        headers: (secret: string) => ({
          'x-liveperson-signature': `${algorithm}=${createHmac(algorithm, secret).update(body).digest(encoding)}`,
        }),
      })),
    ),
    {
      name: 'api-key',
      declared: (secret) => `{ type: api-key, header: x-api-key, key: "\${env:${secret}}" }`,
      headers: (secret) => ({ 'x-api-key': secret }),
    },
    {
      name: 'bearer',
      declared: (secret) => `{ type: bearer, token: "\${env:${secret}}" }`,
      headers: (secret) => ({ authorization: `Bearer ${secret}` }),
    },
  ];
}
