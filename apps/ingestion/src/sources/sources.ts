import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { dirname, isAbsolute, join } from 'node:path';
import { AddressRanges, resolveSecret } from '@app/access';
import { type CredentialDeclaration, parseSources, type SourceDeclaration } from '@app/config';
import { formatDiagnostic } from '@app/language';
import type { CertificatePolicy } from '../tls/client-certificate.js';
import { apiKeyMatch, bearerMatch, type Match, signatureMatch } from './authenticate.js';
import { Rate } from './rate.js';

/** One place from which webhooks come, ready to authenticate and to normalise. */
export interface Source {
  readonly name: string;
  /** Accounts that may send; null for any. */
  readonly accounts: ReadonlySet<string> | null;
  /** Any of them has to match; none means that the source is open, which only loopback allows. */
  readonly credentials: readonly Match[];
  /** Null where no client certificate is asked for. */
  readonly certificates: CertificatePolicy | null;
  /** Where requests may come from; null for anywhere. */
  readonly networks: AddressRanges | null;
  /** How fast requests may come; null for as fast as they do. */
  readonly rate: Rate | null;
}

/** All sources by name with what is doubtful about them, or every error. */
export type LoadedSources =
  | {
      readonly ok: true;
      readonly sources: ReadonlyMap<string, Source>;
      readonly warnings: readonly string[];
      /** Every file that was read. */
      readonly files: readonly string[];
    }
  | { readonly ok: false; readonly errors: readonly string[] };

/** What the file is read with. */
export interface SourcesContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the server can be reached only from its own machine. */
  readonly loopback: boolean;
  /** Whether client certificates can reach this server: it speaks TLS, or a trusted proxy passes them on. */
  readonly certificates: boolean;
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
  const files = [file];
  for (const [name, declared] of Object.entries(parsed.sources)) {
    const opened = open({ file, name, declared }, context);
    errors.push(...opened.errors);
    warnings.push(...opened.warnings);
    files.push(...filesOf(file, declared));
    sources.set(name, opened.source);
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, sources, warnings, files };
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
  const credentials = openCredentials(place, context, { errors, warnings });
  const certificates = policyOf(place, context, errors);
  const networks = networksOf(place, errors);
  if (credentials.length === 0 && errors.length === 0 && certificates?.required !== true) {
    const found = `${file}: sources.${name} has no credential`;
    const remedy = 'set the variable of one, or list one under credentials';
    if (context.loopback) warnings.push(`${found}: ANYONE on this machine may send — ${remedy}`);
    else errors.push([`${found}, which only a server on loopback may have — ${remedy}`, ...warnings].join('; '));
  }
  const accounts = declared.accounts === undefined ? null : new Set(declared.accounts);
  const { maxRequestsPerSecond } = declared;
  const rate = maxRequestsPerSecond === undefined ? null : new Rate(maxRequestsPerSecond);
  return { source: { name, accounts, credentials, certificates, networks, rate }, errors, warnings };
}

/** The credentials whose secrets are there; what is wrong or doubtful with the others goes to `found`. */
function openCredentials(
  { file, name, declared }: Place,
  context: SourcesContext,
  found: { readonly errors: string[]; readonly warnings: string[] },
): Match[] {
  const credentials: Match[] = [];
  for (const [index, credential] of declared.credentials.entries()) {
    const where = `${file}: sources.${name}.credentials.${index}`;
    const secret = resolveSecret('token' in credential ? credential.token : credential.key, file, context.env);
    if (secret.kind === 'known') credentials.push(matchOf(credential, secret.value));
    else if (secret.kind === 'unset') {
      found.warnings.push(`${where} is left out: the variable ${secret.name} is not set`);
    } else
      found.errors.push(`${where}: the file ${secret.path} cannot be read or is empty — it should hold the secret`);
  }
  return credentials;
}

/** Where requests may come from, or null for anywhere; what is wrong goes to `errors`. */
function networksOf({ file, name, declared: { networks } }: Place, errors: string[]): AddressRanges | null {
  if (networks === undefined) return null;
  const parsed = AddressRanges.parse(networks);
  if (parsed.ok) return parsed.ranges;
  errors.push(`${file}: sources.${name}.networks: "${parsed.wrong}" is no address and no range`);
  return null;
}

/** What the source wants of client certificates; what is wrong goes to `errors`. */
function policyOf(
  { file, name, declared }: Place,
  context: SourcesContext,
  errors: string[],
): CertificatePolicy | null {
  const { mode = 'off', ca = '', subjects } = declared.mtls ?? {};
  if (mode === 'off') return null;
  const where = `${file}: sources.${name}.mtls`;
  if (!context.certificates) {
    errors.push(
      `${where}: no client certificate can reach this server — set INGESTION_TLS_CERT and INGESTION_TLS_KEY, or INGESTION_CLIENT_CERT_HEADER behind a proxy`,
    );
  }
  const authorities = readAuthorities(besides(file, ca));
  if (authorities.length === 0) errors.push(`${where}.ca: ${besides(file, ca)} cannot be read or holds no certificate`);
  return { required: mode === 'required', authorities, subjects: subjects === undefined ? null : new Set(subjects) };
}

function readAuthorities(file: string): X509Certificate[] {
  const texts = read(file)?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return texts.map((text) => new X509Certificate(text));
  } catch {
    return [];
  }
}

/** The files beside `sources.yaml` that a source names. */
function filesOf(file: string, { credentials, mtls }: SourceDeclaration): string[] {
  const secrets = credentials.map((one) => ('token' in one ? one.token : one.key));
  const named = secrets.filter((one) => one.startsWith('${file:')).map((one) => one.slice('${file:'.length, -1));
  return [...named, ...(mtls?.ca === undefined ? [] : [mtls.ca])].map((path) => besides(file, path));
}

function besides(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
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

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
