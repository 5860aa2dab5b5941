import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

/** What a client has shown: its certificate and those that it sent along. */
export interface ShownCertificate {
  readonly leaf: X509Certificate;
  readonly chain: readonly X509Certificate[];
}

/** Use as a client: a certificate that says what it is for must say this. */
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

/** Certificates from a leaf to its root, at most. */
const DEPTH_MAX = 5;

/** What a source wants of the certificate of its sender. */
export interface CertificatePolicy {
  readonly required: boolean;
  readonly authorities: readonly X509Certificate[];
  /** Any of these names; null for whoever the authorities vouch for. */
  readonly subjects: ReadonlySet<string> | null;
}

/** Null when the certificate satisfies the policy now (ms), or none was shown and none is required; else why not. */
export function certificateFault(
  policy: CertificatePolicy,
  shown: ShownCertificate | null,
  nowMs: number,
): string | null {
  if (shown === null) return policy.required ? 'no client certificate' : null;
  const { leaf, chain } = shown;
  const uses = leaf.keyUsage as readonly string[] | undefined;
  if (uses !== undefined && !uses.includes(CLIENT_AUTHENTICATION)) return 'the certificate is not for clients';
  if (!isVouchedFor(leaf, { policy, chain, nowMs }, DEPTH_MAX))
    return 'no authority of the source vouches for the certificate now';
  const { subjects } = policy;
  if (subjects === null || namesOf(leaf).some((name) => subjects.has(name))) return null;
  return 'the certificate is of another subject';
}

interface Trust {
  readonly policy: CertificatePolicy;
  readonly chain: readonly X509Certificate[];
  readonly nowMs: number;
}

/** Whether signatures lead from the certificate to one of the authorities, all of them valid now. */
function isVouchedFor(certificate: X509Certificate, trust: Trust, depth: number): boolean {
  if (depth === 0 || !isCurrent(certificate, trust.nowMs)) return false;
  const issued = (by: X509Certificate): boolean =>
    by.ca && certificate.checkIssued(by) && certificate.verify(by.publicKey) && isCurrent(by, trust.nowMs);
  if (trust.policy.authorities.some(issued)) return true;
  return trust.chain.some(
    (by) => by.fingerprint256 !== certificate.fingerprint256 && issued(by) && isVouchedFor(by, trust, depth - 1),
  );
}

function isCurrent({ validFrom, validTo }: X509Certificate, nowMs: number): boolean {
  return Date.parse(validFrom) <= nowMs && nowMs <= Date.parse(validTo);
}

/**
 * The names under which a certificate can be allowed: `CN=name` and each alternative name with its type (`DNS:…`,
 * `URI:…`, `email:…`, `IP Address:…`).
 */
export function namesOf({ subject, subjectAltName }: X509Certificate): string[] {
  const common = (subject ?? '').split('\n').filter((part) => part.startsWith('CN='));
  // A name with a comma in it is quoted, so that none can pass for two.
  const alternative = (subjectAltName ?? '').match(/[A-Za-z ]+:(?:"(?:[^"\\]|\\.)*"|[^,"]*)/g) ?? [];
  return [...common, ...alternative.map((name) => name.trim())];
}

const shownOn = new WeakMap<TLSSocket, ShownCertificate | null>();

/** The certificate that a connection was opened with; its holder has proved to have the key. */
export function certificateOf({ socket }: IncomingMessage): ShownCertificate | null {
  if (!(socket instanceof TLSSocket)) return null;
  let shown = shownOn.get(socket);
  if (shown === undefined) shownOn.set(socket, (shown = readPeer(socket)));
  return shown;
}

function readPeer(socket: TLSSocket): ShownCertificate | null {
  const peer = socket.getPeerCertificate(true);
  if (!Buffer.isBuffer(peer.raw)) return null;
  const chain: X509Certificate[] = [];
  let next = peer.issuerCertificate;
  while (next !== undefined && chain.length < DEPTH_MAX && Buffer.isBuffer(next.raw)) {
    chain.push(new X509Certificate(next.raw));
    if (next.issuerCertificate === next) break;
    next = next.issuerCertificate;
  }
  return { leaf: new X509Certificate(peer.raw), chain };
}

/**
 * The certificate that a proxy in front has passed on in a header: base64 of its bytes, between colons (RFC 9440) or
 * not, or its PEM text with %-escapes. Null when there is none or it cannot be read.
 */
export function forwardedCertificate(header: unknown): ShownCertificate | null {
  if (typeof header !== 'string' || header === '') return null;
  try {
    const text = decodeURIComponent(header).replace(/-----[A-Z ]+-----/g, '');
    return { leaf: new X509Certificate(Buffer.from(text.replace(/[\s:]/g, ''), 'base64')), chain: [] };
  } catch {
    return null;
  }
}
