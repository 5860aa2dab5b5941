import { isNode, LineCounter, parseDocument } from 'yaml';
import { type Digest, digestOf, sameSecret } from './secret.js';
import { type Scope, type TokenDeclaration, tokensSchema } from './token-schema.js';

/** What its bearer may see. */
export interface Token {
  /** For the log: the token itself is never shown. */
  readonly name: string;
  readonly digest: Digest;
  /** Null for all. */
  readonly accounts: ReadonlySet<string> | null;
  readonly scopes: ReadonlySet<Scope>;
}

/** The tokens of a file, or every error in it as `file:line:col: code: what`. Neither shows a token. */
export type ParsedTokens =
  { readonly ok: true; readonly tokens: readonly Token[] } | { readonly ok: false; readonly errors: readonly string[] };

/** Reads the text of a tokens file. `file` is how the errors call it. */
export function parseTokens(file: string, text: string): ParsedTokens {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number, what: string): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}: ${what}`;
  };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0)
    return { ok: false, errors: faults.map(({ pos, code }) => at(pos[0], `yaml-syntax: ${code}`)) };
  const checked = tokensSchema.safeParse(document.toJS() ?? {});
  if (!checked.success) {
    const errors = checked.error.issues.map(({ path, code, message }) => {
      const offset = deepest(path, (part) => document.getIn(part, true));
      // What is no key that we know may be a token in the wrong place.
      const what = code === 'unrecognized_keys' ? 'there is a key that has no meaning here' : message;
      return at(offset, `invalid-value: "${path.join('.')}": ${what}`);
    });
    return { ok: false, errors };
  }
  const tokens = checked.data.tokens.map(tokenOf);
  const twice = tokens.findIndex((one, index) => tokens.slice(0, index).some((other) => clash(one, other)));
  if (twice < 0) return { ok: true, tokens };
  const offset = deepest(['tokens', twice], (part) => document.getIn(part, true));
  return { ok: false, errors: [at(offset, 'invalid-value: its name or its token stands in the list twice')] };
}

/**
 * The token that was presented, or null. Each is compared, and in a time that tells nothing of where it differs, whether
 * one before it has matched or not.
 */
export function findToken(tokens: readonly Token[], presented: string): Token | null {
  const digest = digestOf(presented, 'latin1');
  let found: Token | null = null;
  for (const token of tokens) {
    if (sameSecret(token.digest, digest)) found = token;
  }
  return found;
}

/** The token of a header `Authorization: Bearer …`; "", which is none, for any other form; null without the header. */
export function bearerOf(authorization: string | undefined): string | null {
  return authorization === undefined ? null : (/^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '');
}

/** How a token is written in the file without giving it away: `sha256:…`. */
export function hashedToken(token: string): string {
  return `sha256:${digestOf(token).toString('hex')}`;
}

function tokenOf({ name, token, accounts, scopes }: TokenDeclaration): Token {
  return {
    name,
    digest: token.startsWith('sha256:') ? Buffer.from(token.slice('sha256:'.length), 'hex') : digestOf(token),
    accounts: accounts === 'all' ? null : new Set(accounts),
    scopes: new Set(scopes),
  };
}

function clash(a: Token, b: Token): boolean {
  return a.name === b.name || sameSecret(a.digest, b.digest);
}

/** Where the value at `path` begins, or the nearest thing around it that is there. */
function deepest(path: readonly PropertyKey[], nodeAt: (path: readonly PropertyKey[]) => unknown): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = nodeAt(path.slice(0, length));
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
