import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Gate } from './gate.js';

/** For whoever watches over the process. */
@Controller()
export class ProbesController {
  constructor(@Inject(Gate) private readonly gate: Gate) {}

  /** The process is alive. */
  @Get('healthz')
  alive(): { status: string } {
    return { status: 'alive' };
  }

  /** It can take events and keeps them; if not, 503 with all that is missing. `reduced` is what was said to be tolerable. */
  @Get('readyz')
  ready(@Res() reply: FastifyReply): void {
    const { missing, reduced } = this.gate;
    const ready = Object.keys(missing).length === 0;
    void reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', missing, reduced });
  }
}
