import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { BadParameter } from './parameters.js';

/** An error as HTTP tells it: RFC 9457 problem details. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** What is wrong with the parameters, one by one. */
  readonly errors?: readonly { readonly parameter: string; readonly allowed: string }[];
}

/** Seconds after which a client that got 503 may try again. */
const RETRY_AFTER_S = 1;

/** A controller throws this; the filter turns it into the reply. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }
}

/** A problem with the usual title of its status. `detail` is for the client: it holds nothing that only the log may know. */
export function problemOf(status: number, more: Pick<Problem, 'detail' | 'errors'> = {}): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, ...more };
}

/** The problem of a request with parameters that are wrong. */
export function badRequest(errors: readonly BadParameter[]): ProblemError {
  const wrong = errors.map(({ parameter, allowed }) => `${parameter}: ${allowed}`).join('; ');
  return new ProblemError(problemOf(400, { detail: `What is allowed: ${wrong}.`, errors }));
}

/** Answers with problem details. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  void reply.header('x-request-id', reply.request.id);
  if (problem.status === 503) void reply.header('retry-after', String(RETRY_AFTER_S));
  void reply.code(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
}
