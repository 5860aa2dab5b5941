import { Readable } from 'node:stream';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import {
  OPENMETRICS_CONTENT_TYPE,
  PROMETHEUS_CONTENT_TYPE,
  renderOpenMetrics,
  renderPrometheus,
} from '@app/exposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessOf } from '../access/access.js';
import { restrict } from '../access/restrict.js';
import { ProblemError, problemOf } from '../http/problem.js';
import { prefersOpenMetrics } from './accept.js';
import { patienceOf, TooSlow, until } from './deadline.js';
import { ProcessFigures } from './process-figures.js';
import { Scrape } from './scrape.js';

/** What Prometheus scrapes: `/metrics` is the same at every replica, `/metrics/process` is of this one and its workers. */
@Controller('metrics')
export class ExpositionController {
  constructor(
    @Inject(Scrape) private readonly scrape: Scrape,
    @Inject(ProcessFigures) private readonly figures: ProcessFigures,
  ) {}

  @Get()
  async metrics(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const openMetrics = prefersOpenMetrics(request.headers.accept);
    const families = restrict(this.scrape.families(), accessOf(request).accounts);
    const patience = AbortSignal.timeout(patienceOf(request.headers['x-prometheus-scrape-timeout-seconds']));
    const chunks = until(patience, openMetrics ? renderOpenMetrics(families) : renderPrometheus(families));
    // The first chunk is made before anything is sent: what cannot be read at all is an error with a status.
    const first = await chunks.next().catch((error: unknown) => {
      throw error instanceof TooSlow ? new ProblemError(problemOf(503, { detail: error.message })) : error;
    });
    void reply
      .header('content-type', openMetrics ? OPENMETRICS_CONTENT_TYPE : PROMETHEUS_CONTENT_TYPE)
      .send(Readable.from(from(first, chunks)));
  }

  @Get('process')
  async process(@Res() reply: FastifyReply): Promise<void> {
    void reply.header('content-type', PROMETHEUS_CONTENT_TYPE).send(await this.figures.text());
  }
}

async function* from(first: IteratorResult<string, void>, rest: AsyncGenerator<string, void>): AsyncGenerator<string> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
