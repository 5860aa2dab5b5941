import { constants, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import { messageOf } from '../problem.js';

/** The files of the certificate with which ingestion shows itself. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** What a TLS server is given anew when its files change, or what is wrong in them. */
export type LoadedIdentity =
  | { readonly ok: true; readonly context: SecureContextOptions }
  | { readonly ok: false; readonly errors: readonly string[] };

/** A handshake that takes longer is given up (ms). */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Reads certificate and key, and checks that they belong together. No message shows a part of the key. */
export function loadIdentity({ cert, key }: TlsFiles, authorities: readonly X509Certificate[]): LoadedIdentity {
  const errors: string[] = [];
  const read = <T>(variable: string, file: string, parse: (text: Buffer) => T): T | null => {
    try {
      return parse(readFileSync(file));
    } catch (error) {
      errors.push(`${variable}: ${file} cannot be used: ${messageOf(error)}`);
      return null;
    }
  };
  const certificate = read('INGESTION_TLS_CERT', cert, (text) => ({ text, leaf: new X509Certificate(text) }));
  const secret = read('INGESTION_TLS_KEY', key, (text) => ({ text, key: createPrivateKey(text) }));
  if (certificate === null || secret === null) return { ok: false, errors };
  if (!certificate.leaf.checkPrivateKey(secret.key)) {
    return { ok: false, errors: [`INGESTION_TLS_KEY: ${key} is not the key of the certificate in ${cert}`] };
  }
  const ca = authorities.map((one) => one.toString());
  const context = {
    cert: certificate.text,
    key: secret.text,
    minVersion: 'TLSv1.2' as const,
    secureOptions: NO_RESUMPTION,
  };
  return { ok: true, context: ca.length === 0 ? context : { ...context, ca } };
}

/** A resumed session would bring a certificate that was checked under other authorities than those in force now. */
const NO_RESUMPTION = constants.SSL_OP_NO_TICKET;

/** Options that a TLS server is made with. Which certificates are good is settled per source, with each request. */
export function serverOptions(context: SecureContextOptions, wantsCertificates: boolean): TlsOptions {
  return {
    ...context,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    requestCert: wantsCertificates,
    rejectUnauthorized: false,
  };
}
