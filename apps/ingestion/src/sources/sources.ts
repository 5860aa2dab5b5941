import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { dirname, isAbsolute, join } from 'node:path';
import { type CredentialDeclaration, parseSources, type SourceDeclaration } from '@app/config';
import { formatDiagnostic } from '@app/language';
import { apiKeyMatch, bearerMatch, type Match, signatureMatch } from './authenticate.js';

/** One place from which webhooks come, ready to authenticate and to normalise. */
export interface Source {
  readonly name: string;
  /** Accounts that may send; null for any. */
  readonly accounts: ReadonlySet<string> | null;
  /** Any of them has to match; none means that the source is open, which only loopback allows. */
  readonly credentials: readonly Match[];
}

/** All sources by name with what is doubtful about them, or every error. */
export type LoadedSources =
  | { readonly ok: true; readonly sources: ReadonlyMap<string, Source>; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly errors: readonly string[] };

/** What the file is read with. */
export interface SourcesContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the server can be reached only from its own machine. */
  readonly loopback: boolean;
}

/**
 * Reads `sources.yaml`. A credential whose variable is not set is left out with a warning, so that one file serves
 * several machines; a source without any credential is open on loopback, with a warning, and an error elsewhere.
 */
export function loadSources(file: string, context: SourcesContext): LoadedSources {
  const text = read(file);
  if (text === null) return { ok: false, errors: [`${file}: cannot be read — LIVEMETER_CONFIG names its folder`] };
  const parsed = parseSources(file, text);
  if (!parsed.ok) return { ok: false, errors: parsed.errors.map(formatDiagnostic) };
  const errors: string[] = [];
  const warnings: string[] = [];
  const sources = new Map<string, Source>();
  for (const [name, declared] of Object.entries(parsed.sources)) {
    const opened = open({ file, name, declared }, context);
    errors.push(...opened.errors);
    warnings.push(...opened.warnings);
    sources.set(name, opened.source);
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, sources, warnings };
}

/** Null when the request carries one of the source's credentials; else why each did not match, for the log only. */
export function authenticate(source: Source, headers: IncomingHttpHeaders, body: Buffer): string | null {
  if (source.credentials.length === 0) return null;
  const reasons: string[] = [];
  for (const match of source.credentials) {
    const reason = match(headers, body);
    if (reason === null) return null;
    reasons.push(reason);
  }
  return reasons.join('; ');
}

interface Place {
  readonly file: string;
  readonly name: string;
  readonly declared: SourceDeclaration;
}

interface Opened {
  readonly source: Source;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

function open(place: Place, context: SourcesContext): Opened {
  const { file, name, declared } = place;
  const errors: string[] = [];
  const warnings: string[] = [];
  const credentials: Match[] = [];
  for (const [index, credential] of declared.credentials.entries()) {
    const where = `${file}: sources.${name}.credentials.${index}`;
    const secret = resolveSecret('token' in credential ? credential.token : credential.key, file, context.env);
    if (secret.kind === 'known') credentials.push(matchOf(credential, secret.value));
    else if (secret.kind === 'unset') {
      warnings.push(`${where} is left out: the variable ${secret.name} is not set`);
    } else errors.push(`${where}: the file ${secret.path} cannot be read or is empty — it should hold the secret`);
  }
  if (credentials.length === 0 && errors.length === 0) {
    const found = `${file}: sources.${name} has no credential`;
    const remedy = 'set the variable of one, or list one under credentials';
    if (context.loopback) warnings.push(`${found}: ANYONE on this machine may send — ${remedy}`);
    else errors.push([`${found}, which only a server on loopback may have — ${remedy}`, ...warnings].join('; '));
  }
  const accounts = declared.accounts === undefined ? null : new Set(declared.accounts);
  return { source: { name, accounts, credentials }, errors, warnings };
}

function matchOf(credential: CredentialDeclaration, secret: string): Match {
  switch (credential.type) {
    case 'lp-signature':
      return signatureMatch(credential, secret);
    case 'api-key':
      return apiKeyMatch(credential.header, secret);
    case 'bearer':
      return bearerMatch(secret);
  }
}

type Secret =
  | { readonly kind: 'known'; readonly value: string }
  | { readonly kind: 'unset'; readonly name: string }
  | { readonly kind: 'unreadable'; readonly path: string };

/** What `${env:NAME}` or `${file:path}` stands for; a path is relative to the folder of `sources.yaml`. */
function resolveSecret(reference: string, file: string, env: SourcesContext['env']): Secret {
  const target = reference.slice(reference.indexOf(':') + 1, -1);
  if (reference.startsWith('${env:')) {
    const value = env[target];
    return value === undefined || value === '' ? { kind: 'unset', name: target } : { kind: 'known', value };
  }
  const path = isAbsolute(target) ? target : join(dirname(file), target);
  // An editor ends a file with a line break, which is no part of the secret.
  const value = read(path)?.replace(/\r?\n$/, '') ?? '';
  return value === '' ? { kind: 'unreadable', path } : { kind: 'known', value };
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
