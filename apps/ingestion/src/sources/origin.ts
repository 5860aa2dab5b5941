import { AddressRanges } from '@app/access';
import type { Settings } from '@app/telemetry';
import type { FastifyRequest } from 'fastify';
import {
  certificateFault,
  certificateOf,
  forwardedCertificate,
  type ShownCertificate,
} from '../tls/client-certificate.js';
import type { Source } from './sources.js';

/** Tells why a request may not come from where it comes, for the log only; null when it may. */
export type OriginCheck = (source: Source, request: FastifyRequest) => string | null;

/** Checks address and client certificate, as the source wants them. It needs no body, so none is read before. */
export function originCheck({ trustedProxies, clientCertHeader }: Settings): OriginCheck {
  const parsed = AddressRanges.parse(trustedProxies);
  const proxies = parsed.ok ? parsed.ranges : null;
  /** A certificate in a header is believed from a trusted proxy only; from there, its own one is not the sender's. */
  const shown = ({ raw }: FastifyRequest): ShownCertificate | null => {
    const proxied = clientCertHeader !== null && proxies?.includes(raw.socket.remoteAddress ?? '') === true;
    return proxied ? forwardedCertificate(raw.headers[clientCertHeader]) : certificateOf(raw);
  };
  return (source, request) => {
    if (source.networks !== null && !source.networks.includes(request.ip)) return 'an address that is not allowed';
    return source.certificates === null ? null : certificateFault(source.certificates, shown(request), Date.now());
  };
}
