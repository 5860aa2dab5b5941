import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Seconds after which a sender that got 503 or 429 may try again. */
const RETRY_AFTER_S = 2;

/** Answers with problem details (RFC 9457). `detail` is for the sender: it holds nothing that only the log may know. */
export function sendProblem(reply: FastifyReply, status: number, detail?: string): FastifyReply {
  void reply.header('x-request-id', reply.request.id);
  if (status === 503 || status === 429) void reply.header('retry-after', String(RETRY_AFTER_S));
  const problem = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status };
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify(detail === undefined ? problem : { ...problem, detail }));
}

/** What an unknown thing that was thrown says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The status of an error that Fastify or Nest raised about the request itself; 500 for any other. */
export function statusOf(error: unknown): number {
  const status: unknown =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
