import { Controller, Get, Inject, Res } from '@nestjs/common';
import { Telemetry } from '@app/telemetry';
import type { FastifyReply } from 'fastify';

/** Ingestion's own figures, of this replica, as Prometheus text. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Telemetry) private readonly telemetry: Telemetry) {}

  @Get()
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const { registry } = this.telemetry;
    const text = await registry.metrics();
    void reply.header('content-type', registry.contentType).send(text);
  }
}
