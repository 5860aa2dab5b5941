import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { OCCURRENCES, Telemetry } from '@app/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readiness } from '../health/readiness.js';
import { type Problem, ProblemError, problemOf, sendProblem } from './problem.js';

/** Turns whatever a request ends with into problem details; what is our own fault is logged and counted. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(Telemetry) private readonly telemetry: Telemetry,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemFor(error, request) ?? this.ownFault();
    if (problem.status >= 500) {
      this.telemetry.report(OCCURRENCES.requestFailed, {}, { err: error, url: request.url });
    }
    if (!reply.sent) sendProblem(reply, problem);
  }

  private ownFault(): Problem {
    const redis = this.readiness.state.missing.redis;
    return redis === undefined ? problemOf(500) : problemOf(503, { detail: redis });
  }
}

/** The problem that the request itself has, or null. */
function problemFor(error: unknown, request: FastifyRequest): Problem | null {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof HttpException) {
    const status = error.getStatus();
    return problemOf(
      status,
      status === 404 ? { detail: `There is nothing at ${request.method} ${pathOf(request)}.` } : {},
    );
  }
  const status = clientStatus(error);
  return status === null ? null : problemOf(status);
}

/** The status of an error that Fastify raised about the request itself, or null. */
function clientStatus(error: unknown): number | null {
  const status: unknown =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0]?.slice(0, 200) ?? '';
}
