/**
 * The measure for ingestion: the same Nest application on the same Fastify, which authenticates with the same code, parses
 * the JSON and throws it away. What Livemeter adds to that is normalising, partitioning and storing.
 */
import 'reflect-metadata';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, Telemetry } from '@app/telemetry';
import type { FastifyInstance } from 'fastify';
import { AppModule } from '../../../apps/ingestion/src/app.module.js';
import { Gate } from '../../../apps/ingestion/src/gate.js';
import { authenticate, loadSources, type Source } from '../../../apps/ingestion/src/sources/sources.js';

function discardRoute(sources: ReadonlyMap<string, Source>): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    instance.post<{ Params: { source: string }; Body: Buffer }>('/v1/events/:source', async (request, reply) => {
      const source = sources.get(request.params.source);
      if (source === undefined) return reply.code(404).send();
      if (authenticate(source, request.headers, request.body) !== null) return reply.code(401).send();
      const parsed: unknown = JSON.parse(request.body.toString('utf8'));
      const accepted = parsed === null ? 0 : 1;
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .send(`{"accepted":${accepted},"quarantined":0,"ignored":0}`);
    });
  };
}

const file = join(process.env['LIVEMETER_CONFIG'] ?? '', 'sources.yaml');
const loaded = loadSources(file, { env: process.env, loopback: true, certificates: false });
if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
const telemetry = new Telemetry(createLogger('discard', 'error')).withProcessMetrics();
const adapter = new FastifyAdapter({ requestTimeout: 30_000, skipMiddie: true });
await adapter.getInstance().register(discardRoute(loaded.sources));
const module = AppModule.with(telemetry, new Gate());
const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { bodyParser: false, logger: false });
await app.listen(Number(process.env['INGESTION_PORT']), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
