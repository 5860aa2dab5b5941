import { z } from 'zod';

/** A secret is named, never written: from the environment, or from a file beside `sources.yaml`. */
const secret = z
  .string('a secret is written as "${env:NAME}" or "${file:path}"')
  .regex(
    /^\$\{(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^}]+)\}$/,
    'a secret never stands in the file — write "${env:NAME}" or "${file:path}"',
  );

const headerName = z
  .string('the name of a header is wanted')
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'this is not the name of a header')
  .transform((name) => name.toLowerCase());

/** Hashes that LivePerson or its gateways are known to offer, by their OpenSSL names. */
export const ALGORITHMS = ['sha1', 'sha256', 'sha384', 'sha512'] as const;

export type Algorithm = (typeof ALGORITHMS)[number];

const lpSignature = z.strictObject({
  type: z.literal('lp-signature'),
  clientId: z.string().min(1).optional().describe('Compared with x-liveperson-client-id when the request has one.'),
  key: secret.describe('The key of the HMAC.'),
  algorithm: z.enum(ALGORITHMS, `one of ${ALGORITHMS.join(', ')}`).default('sha256'),
  encoding: z
    .enum(['base64', 'base64url', 'hex'], 'base64, base64url or hex')
    .optional()
    .describe(
      'How the digest is written; ingestion takes base64 for base64url, and the other way round. Not given: told by its length.',
    ),
  header: headerName.default('x-liveperson-signature'),
});

const apiKey = z.strictObject({
  type: z.literal('api-key'),
  header: headerName.describe('The header that carries the key.'),
  key: secret,
});

const bearer = z.strictObject({
  type: z.literal('bearer'),
  token: secret.describe('What follows "Authorization: Bearer".'),
});

/** How a sender shows who it is. */
export const credential = z.discriminatedUnion('type', [lpSignature, apiKey, bearer], {
  error: 'the type of a credential is lp-signature, api-key or bearer',
});

const mtls = z
  .strictObject({
    mode: z.enum(['off', 'optional', 'required'], 'one of off, optional, required'),
    ca: z
      .string('the path of a file of certificates')
      .min(1)
      .optional()
      .describe('PEM file of the authorities that vouch for the sender, relative to this folder.'),
    subjects: z
      .array(
        z
          .string()
          .regex(
            /^(CN=|DNS:|URI:|email:|IP Address:)./,
            'CN=name, DNS:name, URI:name, email:name or IP Address:address',
          ),
      )
      .min(1, 'an empty list would let no certificate in — leave the key out to let in any of the authority')
      .optional()
      .describe('Names, any of which the certificate has to carry; not given: any certificate of the authority.'),
  })
  .refine(
    ({ mode, ca }) => mode === 'off' || ca !== undefined,
    'client certificates need "ca", the authority that vouches for them',
  )
  .describe(
    'Client certificates: "required" asks for one beside a credential, "optional" checks the one that is shown.',
  );

const source = z.strictObject({
  type: z.literal('liveperson', 'the only type of source is liveperson'),
  accounts: z
    .array(z.string('an account is text — put it in quotes').min(1))
    .min(1, 'an empty list would let no account in — leave the key out to let in any')
    .optional()
    .describe('The accounts that may send; not given: any.'),
  credentials: z.array(credential).default([]).describe('Any one of them has to match.'),
  mtls: mtls.optional(),
  networks: z
    .array(z.string('an address or range is text').min(1))
    .min(1, 'an empty list would let no address in — leave the key out to let in any')
    .optional()
    .describe('Addresses and ranges (178.249.96.0/22, 2a03:6400::/32) from which requests may come; not given: any.'),
  maxRequestsPerSecond: z
    .int('a whole number of requests per second')
    .min(1, 'at least one request per second — take the source out to let in none')
    .max(1_000_000, 'at most 1000000 — leave the key out for no limit')
    .optional()
    .describe(
      'What comes faster is answered 429 before its body is read, and LivePerson sends it again; not given: no limit.',
    ),
});

/** What stands in `config/sources.yaml`: the sources by the name that is the last part of their address. */
export const sourcesSchema = z.strictObject({
  sources: z
    .record(
      z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'a name is letters, digits, "-" and "_", at most 64'),
      source,
    )
    .refine((sources) => Object.keys(sources).length > 0, 'at least one source is wanted'),
});

export type SourceDeclaration = z.output<typeof source>;
export type CredentialDeclaration = z.output<typeof credential>;
export type SignatureDeclaration = z.output<typeof lpSignature>;

const CREDENTIALS = { 'lp-signature': lpSignature, 'api-key': apiKey, bearer };

/** The keys that may stand in the mapping at `path`; `type` is that of the credential there. */
export function knownKeys(path: readonly PropertyKey[], type: unknown): readonly string[] {
  if (path.length === 0) return Object.keys(sourcesSchema.shape);
  if (path.length === 2) return Object.keys(source.shape);
  if (path[2] === 'mtls') return ['mode', 'ca', 'subjects'];
  return keysOfCredential(type);
}

/** The keys of a credential of this type. */
export function keysOfCredential(type: unknown): readonly string[] {
  const shape = Object.entries(CREDENTIALS).find(([name]) => name === type)?.[1].shape;
  return shape === undefined ? [] : Object.keys(shape);
}
