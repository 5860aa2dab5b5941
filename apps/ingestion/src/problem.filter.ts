import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { OCCURRENCES, Telemetry } from '@app/telemetry';
import type { FastifyReply } from 'fastify';
import { sendProblem, statusOf } from './problem.js';

/** Every error outside the route for events as problem details: unknown paths, methods and what should not happen. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(Telemetry) private readonly telemetry: Telemetry) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
    if (status >= 500) this.telemetry.report(OCCURRENCES.requestFailed, {}, { err: error });
    sendProblem(host.switchToHttp().getResponse<FastifyReply>(), status);
  }
}
