import { Controller, Get, Inject, Res } from '@nestjs/common';
import { Telemetry } from '@app/telemetry';
import type { FastifyReply } from 'fastify';
import { Readiness } from './readiness.js';

/** For whoever watches over the process: probes, and its own figures as Prometheus text. */
@Controller()
export class ProbesController {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Telemetry) private readonly telemetry: Telemetry,
  ) {}

  /** The process is alive. */
  @Get('healthz')
  alive(): { status: string } {
    return { status: 'alive' };
  }

  /** Redis and the archive's place can be reached; if not, 503 with all that is missing. */
  @Get('readyz')
  ready(@Res() reply: FastifyReply): void {
    const missing = this.readiness.missing();
    const ready = Object.keys(missing).length === 0;
    void reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', missing });
  }

  @Get('metrics')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const { registry } = this.telemetry;
    const text = await registry.metrics();
    void reply.header('content-type', registry.contentType).send(text);
  }
}
