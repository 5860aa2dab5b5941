import 'reflect-metadata';
import { createPrivateKey, webcrypto, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as unknown as Crypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certificate and its key, as PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says. */
export interface Wanted {
  readonly name: string;
  /** Names beside it; none are wanted of a client. */
  readonly dns?: readonly string[];
  readonly use?: 'client' | 'server' | 'both';
  /** Until when it is valid; a day from now. */
  readonly until?: Date;
}

/** A certificate authority that lives as long as a test. */
export class Authority {
  private constructor(
    private readonly keys: CryptoKeyPair,
    private readonly own: x509.X509Certificate,
  ) {}

  static async create(name: string): Promise<Authority> {
    const keys = await newKeys();
    const own = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      signingAlgorithm: ALGORITHM,
      ...validity(new Date(Date.now() + DAY_MS)),
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    });
    return new Authority(keys, own);
  }

  get cert(): string {
    return this.own.toString('pem');
  }

  /** Issues a certificate with a key of its own. */
  async issue({ name, dns = [], use = 'client', until = new Date(Date.now() + DAY_MS) }: Wanted): Promise<Identity> {
    const keys = await newKeys();
    const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
    const purposes = { client: [clientAuth], server: [serverAuth], both: [clientAuth, serverAuth] }[use];
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer: this.own.subject,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...validity(until),
      extensions: [
        new x509.BasicConstraintsExtension(false),
        new x509.ExtendedKeyUsageExtension(purposes),
        ...(dns.length === 0
          ? []
          : [new x509.SubjectAlternativeNameExtension(dns.map((value) => ({ type: 'dns' as const, value })))]),
      ],
    });
    const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
    return { cert: certificate.toString('pem'), key: pemOf(createPrivateKey({ key, format: 'der', type: 'pkcs8' })) };
  }
}

const DAY_MS = 86_400_000;

function newKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity(notAfter: Date): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Math.min(Date.now(), notAfter.getTime()) - DAY_MS), notAfter };
}

function pemOf(key: KeyObject): string {
  return String(key.export({ format: 'pem', type: 'pkcs8' }));
}
