import { z } from 'zod';

/**
 * What a token may be used for: `read` is `/v1`, the stream and the wallboard, `metrics` is `/metrics`, `quarantine` is
 * to see what was set aside, raw as it came, and to replay or drop it.
 */
export const SCOPES = ['read', 'metrics', 'quarantine'] as const;

export type Scope = (typeof SCOPES)[number];

/** A token in clear has at least so many characters: it must not be guessed. */
const TOKEN_LENGTH_MIN = 16;

const ACCOUNTS = 'the accounts as a list of quoted texts, or "all"';

const token = z.strictObject({
  name: z
    .string('a name is text')
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'a name is letters, digits, "-", "_" and ".", at most 64'),
  token: z
    .string('a token is text — put it in quotes')
    .refine(
      (text) => /^sha256:[0-9a-f]{64}$/.test(text) || (!text.startsWith('sha256:') && text.length >= TOKEN_LENGTH_MIN),
      `"sha256:" with 64 hex digits, or a token of at least ${TOKEN_LENGTH_MIN} characters — \`livemeter token\` makes one`,
    )
    .refine((text) => /^[\x21-\x7e]+$/.test(text), 'a token has only visible ASCII characters'),
  accounts: z.union([z.literal('all'), z.array(z.string().min(1)).min(1, ACCOUNTS)], ACCOUNTS),
  scopes: z.array(z.enum(SCOPES, `one of ${SCOPES.join(', ')}`), 'a list of scopes').min(1, 'at least one scope'),
});

/** What stands in the file that LIVEMETER_TOKENS names. */
export const tokensSchema = z.strictObject({
  tokens: z.array(token, 'a list of tokens').max(1_000, 'at most 1000 tokens'),
});

export type TokenDeclaration = z.output<typeof token>;
