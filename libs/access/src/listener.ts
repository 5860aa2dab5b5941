import { randomBytes } from 'node:crypto';

/** What bounds the requests that a server takes. Times are ms. */
export interface ListenerLimits {
  readonly maxHeaderBytes: number;
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  /** Ranges of the proxies that are believed when they say for whom they ask. */
  readonly trustedProxies: readonly string[];
}

const LOOK_EVERY_MS = 1_000;

/** Options of a Fastify server that keep these limits, and number its requests. */
export function listenerOptions(limits: ListenerLimits) {
  const requestId = requestNumbers();
  return {
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: limits.idleTimeoutMs,
    trustProxy: limits.trustedProxies.length === 0 ? false : [...limits.trustedProxies],
    genReqId: requestId,
    http: {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: Math.ceil(limits.requestTimeoutMs / 3),
      // Node looks every 30 s by itself, and so gives each slow request up to that much more.
      connectionsCheckingInterval: LOOK_EVERY_MS,
    },
  };
}

/** Ids that tell requests apart in the logs of all replicas: one random part per process, and a number. */
function requestNumbers(): () => string {
  const replica = randomBytes(4).toString('hex');
  let number = 0;
  return () => `${replica}-${(number += 1).toString(36)}`;
}
