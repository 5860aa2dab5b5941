import { Controller, Get, Headers, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessAgain } from '../access/access.js';
import type { Parameters } from '../http/parameters.js';
import { badRequest, ProblemError, problemOf } from '../http/problem.js';
import { EVENT_STREAM } from './event-stream.js';
import { readStreamQuery } from './stream-query.js';
import { Streams } from './streams.js';

/** What is told of an account, as it changes (design §3). */
@Controller('v1/stream')
export class StreamController {
  constructor(@Inject(Streams) private readonly streams: Streams) {}

  @Get()
  async stream(
    @Query() parameters: Parameters,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const read = readStreamQuery(parameters);
    if (!read.ok) throw badRequest(read.errors);
    const { query } = read;
    const isAllowed = (): boolean => {
      const access = accessAgain(request);
      return access !== null && access.scopes.has('read') && (access.accounts?.has(query.account) ?? true);
    };
    if (!isAllowed()) throw new ProblemError(problemOf(403, { detail: 'Its token is not for this account.' }));
    const flow = await this.streams.open(query, { lastEventId, isAllowed });
    // Whoever has gone meanwhile is not sent anything, so its stream would never be closed.
    if (request.raw.socket.destroyed) flow.destroy();
    void reply
      .header('content-type', EVENT_STREAM)
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      // Else the connection would outlast the stream, idle, and hold up the end of the app.
      .header('connection', 'close')
      .send(flow);
  }
}
