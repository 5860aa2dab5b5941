import * as http from 'node:http';
import * as https from 'node:https';
import type { Answer } from './sender.js';
import type { Subscription } from './subscriptions.js';

/** LivePerson gives a receiver this long to connect, and to answer (ms). */
const TIMEOUT_MS = 5_000;

/** The receiving end of a webhook over kept-alive connections. */
export class Endpoint {
  private readonly agent: http.Agent;
  private readonly request: typeof http.request;

  constructor(
    private readonly subscription: Subscription,
    private readonly accountId: string,
    connections: number,
  ) {
    const { url, tls } = subscription;
    const isSecure = url.protocol === 'https:';
    const settings = { keepAlive: true, maxSockets: connections, scheduling: 'lifo' } as const;
    this.agent = isSecure ? new https.Agent({ ...settings, ...tls, minVersion: 'TLSv1.2' }) : new http.Agent(settings);
    this.request = isSecure ? https.request : http.request;
  }

  /** Posts one body. What failed is told by the status, or by the code of a network error. */
  async post(body: string): Promise<Answer> {
    const startedAt = performance.now();
    const first = await this.attempt(body);
    // A connection that the server closes while it is idle says nothing about the server: once more, on a new one.
    const { failure, isUnanswered } = first.isStale ? await this.attempt(body) : first;
    return { failure, isUnanswered, tookMs: performance.now() - startedAt };
  }

  /** Closes the idle connections. */
  close(): void {
    this.agent.destroy();
  }

  private attempt(body: string): Promise<Attempt> {
    const { url, sign } = this.subscription;
    const headers: http.OutgoingHttpHeaders = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-liveperson-account-id': this.accountId,
      ...sign(body),
    };
    return new Promise((resolve) => {
      const request = this.request(url, { method: 'POST', agent: this.agent, headers, timeout: TIMEOUT_MS });
      request.on('timeout', () => {
        resolve(
          request.socket?.connecting === true
            ? failed('no connection')
            : { ...failed('no answer'), isUnanswered: true },
        );
        request.destroy();
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        resolve({
          ...failed(error.code ?? error.message),
          isStale: request.reusedSocket && error.code === 'ECONNRESET',
        });
      });
      request.on('response', (response) => {
        const status = response.statusCode ?? 0;
        response.on('error', () => resolve(failed('ECONNRESET')));
        response.on('end', () => resolve(failed(status === 200 || status === 201 ? null : String(status))));
        response.resume();
      });
      request.end(body);
    });
  }
}

interface Attempt extends Pick<Answer, 'failure' | 'isUnanswered'> {
  readonly isStale: boolean;
}

function failed(failure: string | null): Attempt {
  return { failure, isUnanswered: false, isStale: false };
}
