import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Readiness } from './readiness.js';

/** For whoever watches over the process. */
@Controller()
export class HealthController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  /** The process is alive. */
  @Get('healthz')
  alive(): { status: string } {
    return { status: 'alive' };
  }

  /** It can serve, or 503; with all that is missing. `reduced` is what was said to be tolerable. */
  @Get('readyz')
  ready(@Res() reply: FastifyReply): void {
    const { ready, missing, reduced } = this.readiness.state;
    void reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', missing, reduced });
  }
}
