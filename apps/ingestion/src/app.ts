import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, isLoopback, OCCURRENCES, type Settings, StartError, Telemetry } from '@app/telemetry';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import { openBackend } from './backend.js';
import { Gate } from './gate.js';
import { Measures } from './measures.js';
import { nestLog } from './nest-log.js';
import { sendProblem } from './problem.js';
import { loadSources, type Source } from './sources/sources.js';
import { webhookRoute } from './webhook.js';

/** A request that has not arrived whole by then is given up (ms). */
const REQUEST_TIMEOUT_MS = 30_000;

/** What is to be seen at /metrics before it has ever happened. */
const AT_ZERO = [
  OCCURRENCES.notDurable,
  OCCURRENCES.outage,
  OCCURRENCES.quarantineDropped,
  OCCURRENCES.recordFailed,
  OCCURRENCES.requestFailed,
];

/** Where ingestion can be reached. */
export interface Address {
  /** As one would type it: `http://127.0.0.1:8420`. */
  readonly address: string;
  readonly port: number;
}

/** Ingestion, ready to listen. */
export interface IngestionApp {
  /** Begins to take events. Rejects with {@link StartError} when the address is taken. */
  listen(): Promise<Address>;
  /**
   * Says that it is about to end: `/readyz` is 503 and every reply closes its connection, while events are taken as before,
   * so that balancers and senders go elsewhere before {@link close}.
   */
  leave(): void;
  /** Takes no more connections, finishes the requests under way, and closes everything. */
  close(): Promise<void>;
}

/**
 * Builds ingestion from its settings and from the variables that hold secrets. Rejects with {@link StartError} for
 * whatever an operator can put right: the sources, Redis and how it is set up, the record.
 */
export async function createIngestionApp(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<IngestionApp> {
  const telemetry = new Telemetry(createLogger('ingestion', settings.logLevel)).withProcessMetrics().expect(...AT_ZERO);
  const sources = openSources(settings, env, telemetry);
  const gate = new Gate(settings.durability === 'reduced' ? new Set(['durability']) : new Set());
  const measures = new Measures(telemetry.registry);
  const backend = await openBackend({ settings, telemetry, gate, measures, sources });
  const adapter = new FastifyAdapter({
    requestTimeout: REQUEST_TIMEOUT_MS,
    frameworkErrors: refuse,
    skipMiddie: true,
    // What still comes on a connection that stands can be stored, so it is.
    return503OnClosing: false,
  });
  let leaving = false;
  gate.watch('closing', () => (leaving ? 'the process is about to end' : null));
  adapter.getInstance().addHook('onRequest', (_request, reply, done) => {
    if (leaving) void reply.header('connection', 'close');
    done();
  });
  const route = { sources, gate, measures, telemetry, ...backend.route };
  await adapter.getInstance().register(webhookRoute(route));
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(telemetry, gate), adapter, {
    bodyParser: false,
    logger: nestLog(telemetry.log),
    abortOnError: false,
  });
  return {
    listen: async () => {
      const address = await listen(app, settings, telemetry);
      await backend.announce();
      return address;
    },
    leave: () => void (leaving = true),
    close: async () => {
      leaving = true;
      await app.close();
      await backend.close();
      telemetry.log.info('ingestion has stopped');
    },
  };
}

/** Answers what does not even reach a route: a path that cannot be decoded or is too long names no source. */
function refuse(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, 404);
}

function openSources(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
  telemetry: Telemetry,
): ReadonlyMap<string, Source> {
  const loopback = isLoopback(settings.ingestionHost);
  const loaded = loadSources(join(settings.configDir, 'sources.yaml'), { env, loopback });
  if (!loaded.ok) throw new StartError(loaded.errors);
  for (const warning of loaded.warnings) telemetry.log.warn(warning);
  return loaded.sources;
}

async function listen(app: NestFastifyApplication, settings: Settings, telemetry: Telemetry): Promise<Address> {
  const { ingestionHost, ingestionPort } = settings;
  try {
    await app.listen(ingestionPort, ingestionHost);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError([`INGESTION_HOST=${ingestionHost} INGESTION_PORT=${ingestionPort} cannot be used: ${why}`]);
  }
  const bound = app.getHttpServer().address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : ingestionPort;
  const host = ingestionHost.includes(':') ? `[${ingestionHost}]` : ingestionHost;
  const address = `http://${host}:${port}`;
  telemetry.log.info({ address, port }, 'ingestion listens');
  return { address, port };
}
