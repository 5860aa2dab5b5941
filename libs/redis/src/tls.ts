import { readFileSync } from 'node:fs';
import { connect, createSecureContext, type SecureContextOptions } from 'node:tls';
import { type RedisAddress, StartError, type TlsFiles } from '@app/telemetry';

/** How long a server may take to show its certificate (ms). */
const HANDSHAKE_MS = 5_000;

/** What Node says of a certificate that is not accepted. */
const UNTRUSTED = /CERT|SIGNATURE|ALTNAME|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH/;

/** The files, read. Throws a {@link StartError} when one cannot be, or holds something else. */
export function tlsOptions({ ca, cert, key }: TlsFiles): SecureContextOptions {
  const options = {
    ...(ca === null ? {} : { ca: read('ca', ca) }),
    ...(cert === null ? {} : { cert: read('cert', cert) }),
    ...(key === null ? {} : { key: read('key', key) }),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new StartError([`the certificates of REDIS_URL cannot be used: ${whyOf(error)}`]);
  }
  return options;
}

function read(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StartError([`the file of the option "${option}" of REDIS_URL cannot be read: ${whyOf(error)}`]);
  }
}

function whyOf(error: unknown): string {
  return String(error).replace(/^Error: /, '');
}

/**
 * What is wrong with the certificates that the servers of the address show, in words, or null when nothing is, or none can
 * be reached now. Drivers tell only that a connection ended.
 */
export async function certificateFault({ tls, nodes }: RedisAddress): Promise<string | null> {
  if (tls === null) return null;
  const options = tlsOptions(tls);
  const faults = await Promise.all(
    nodes.map(({ host, port }) => handshake({ ...options, host, port, timeout: HANDSHAKE_MS })),
  );
  return faults.find((fault) => fault !== null) ?? null;
}

type Handshake = SecureContextOptions & { readonly host: string; readonly port: number; readonly timeout: number };

function handshake(options: Handshake): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(options);
    const end = (fault: string | null): void => {
      socket.destroy();
      resolve(fault);
    };
    socket.once('secureConnect', () => end(null));
    socket.once('timeout', () => end(null));
    socket.once('error', ({ code = '', message }: NodeJS.ErrnoException) =>
      end(UNTRUSTED.test(code) ? `${options.host}:${options.port}: ${message}` : null),
    );
  });
}
