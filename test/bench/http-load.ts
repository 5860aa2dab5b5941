import { connect, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { signature } from '../../apps/cli/src/simulate/signature.js';

/** Where requests go and what they are: whole HTTP/1.1 requests, taken in turn. */
export interface Target {
  readonly url: string;
  readonly requests: readonly Buffer[];
  readonly connections: number;
}

/** The bodies as signed requests, one event each. */
export function signedRequests(bodies: readonly string[], key: string): Buffer[] {
  return bodies.map((body) => {
    const head = [
      'POST /v1/events/liveperson HTTP/1.1',
      'host: 127.0.0.1',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-liveperson-signature: ${signature(key, body)}`,
    ];
    return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}

/** Each connection sends its next request as soon as it has its answer. Requests per second. */
export async function greatestRate(target: Target, ms: number): Promise<number> {
  const stops = performance.now() + ms;
  let answered = 0;
  const startedAt = performance.now();
  await overConnections(target, async (line, next) => {
    while (performance.now() < stops) {
      await line.exchange(next());
      answered += 1;
    }
  });
  return answered / ((performance.now() - startedAt) / 1000);
}

/** Requests at a steady rate, whatever the answers; how long each took from the instant when it was due (ms), ascending. */
export async function latencies(target: Target, perSecond: number, ms: number): Promise<number[]> {
  const startedAt = performance.now();
  const total = Math.floor((perSecond * ms) / 1000);
  const found: number[] = [];
  let sent = 0;
  await overConnections(target, async (line, next) => {
    while (sent < total) {
      const due = startedAt + (sent * 1000) / perSecond;
      sent += 1;
      const early = due - performance.now();
      if (early > 0.5) await after(early);
      await line.exchange(next());
      found.push(performance.now() - Math.max(due, startedAt));
    }
  });
  return found.sort((a, b) => a - b);
}

type Work = (line: Line, next: () => Buffer) => Promise<void>;

async function overConnections({ url, requests, connections }: Target, work: Work): Promise<void> {
  const { hostname, port } = new URL(url);
  let at = 0;
  const next = (): Buffer => requests[at++ % requests.length] ?? Buffer.alloc(0);
  const lines = await Promise.all(Array.from({ length: connections }, () => Line.open(hostname, Number(port))));
  await Promise.all(lines.map((line) => work(line, next)));
  for (const line of lines) line.close();
}

/** One connection with at most one request under way. */
export class Line {
  private received = '';
  private settle: { resolve: () => void; reject: (error: Error) => void } | null = null;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.take(text));
    socket.on('error', (error) => this.settle?.reject(error));
    socket.on('close', () => this.settle?.reject(new Error('the connection was closed')));
  }

  static open(host: string, port: number): Promise<Line> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, host, () => resolve(new Line(socket)));
      socket.once('error', reject);
    });
  }

  /** Resolves with the answer; rejects when it is none of 200. */
  exchange(request: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.settle = null;
    this.socket.destroy();
  }

  private take(text: string): void {
    this.received += text;
    const head = this.received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.received)?.[1] ?? 0);
    if (this.received.length < head + 4 + length) return;
    const answer = this.received;
    this.received = '';
    const { settle } = this;
    this.settle = null;
    if (answer.startsWith('HTTP/1.1 200')) settle?.resolve();
    else settle?.reject(new Error(answer));
  }
}
