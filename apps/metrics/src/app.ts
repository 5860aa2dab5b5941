import { listenerOptions } from '@app/access';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, type Settings, StartError, Telemetry } from '@app/telemetry';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { guardRoutes } from './access/guard.js';
import { signInRoutes } from './access/sign-in.js';
import { AppModule } from './app.module.js';
import { type Backend, openBackend } from './backend.js';
import { allowOrigins } from './http/cors.js';
import { serveEtags } from './http/etag.js';
import { problemOf, sendProblem } from './http/problem.js';
import { followUnused } from './http/unused-connections.js';
import { nestLog } from './nest-log.js';
import { refusals } from './refusals.js';
import { EVENT_STREAM } from './stream/event-stream.js';

/** The longest id that a path may hold. */
const MAX_PARAM_LENGTH = 1_024;

/** Where the app can be reached. */
export interface Address {
  /** As one would type it: `http://127.0.0.1:8421`. */
  readonly address: string;
  readonly port: number;
}

/** The metrics app, ready to listen. */
export interface MetricsApp {
  /** Begins to serve, and to work this replica's share. Rejects with {@link StartError} when the address is taken. */
  listen(): Promise<Address>;
  /** Reads the file of tokens anew, and loads the config folder, which is proposed or refused. Never rejects. */
  reload(): Promise<void>;
  /**
   * Says that it is about to end: `/readyz` is 503 and every reply closes its connection, while it serves as before. Its
   * partitions go to other replicas at once.
   */
  leave(): void;
  /** Takes no more connections, finishes the requests and jobs under way, gives the partitions back and closes everything. */
  close(): Promise<void>;
}

/**
 * Builds the metrics app from its settings. Rejects with {@link StartError} for whatever an operator can put right: the
 * address, the catalog, Redis and how it is set up.
 */
export async function createMetricsApp(settings: Settings): Promise<MetricsApp> {
  const refused = refusals(settings);
  if (refused.length > 0) throw new StartError(refused);
  const telemetry = new Telemetry(createLogger('metrics', settings.logLevel)).withProcessMetrics();
  const backend = await openBackend(settings, telemetry);
  const adapter = new FastifyAdapter({
    ...listenerOptions(settings),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: refuse,
    skipMiddie: true,
    return503OnClosing: false,
  });
  allowOrigins(adapter.getInstance(), settings.corsOrigins);
  await protect(adapter.getInstance(), { settings, backend, telemetry });
  measure(adapter.getInstance(), backend);
  serveEtags(adapter.getInstance());
  const closeUnused = followUnused(adapter.getInstance().server);
  let leaving = false;
  closeConnections(adapter.getInstance(), () => leaving);
  const leave = (): void => {
    leaving = true;
    backend.leave();
  };
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(telemetry, backend), adapter, {
    bodyParser: false,
    logger: nestLog(telemetry.log),
    abortOnError: false,
  });
  return {
    listen: async () => {
      const address = await listen(app, settings, telemetry);
      backend.work();
      return address;
    },
    reload: () => {
      backend.doors?.tokens.reload();
      return backend.watch.reload();
    },
    leave,
    close: async () => {
      leave();
      closeUnused();
      await app.close();
      await backend.close();
      telemetry.log.info('the metrics app has stopped');
    },
  };
}

/** Every reply closes its connection as soon as the app is leaving. */
function closeConnections(fastify: FastifyInstance, isLeaving: () => boolean): void {
  fastify.addHook('onRequest', (_request, reply, done) => {
    if (isLeaving()) void reply.header('connection', 'close');
    done();
  });
}

/** Answers what does not even reach a route, such as a path that cannot be decoded. */
function refuse(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, problemOf(error.statusCode ?? 400));
}

/** Asks for tokens where there are any, and keeps the number of connections within bounds. */
async function protect(
  fastify: FastifyInstance,
  { settings, backend, telemetry }: { settings: Settings; backend: Backend; telemetry: Telemetry },
): Promise<void> {
  const { doors } = backend;
  const parts = { telemetry, maxFailedPerMinute: settings.maxFailedAuthentications };
  fastify.server.maxConnections = settings.maxConnections;
  guardRoutes(fastify, { ...parts, doors });
  if (doors !== null) await fastify.register(signInRoutes({ ...parts, doors }));
}

function measure(fastify: FastifyInstance, { processMetrics }: Pick<Backend, 'processMetrics'>): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const { method } = request;
    // How long somebody has stayed is no latency.
    if (reply.getHeader('content-type') !== EVENT_STREAM)
      processMetrics.observeRequest({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
}

async function listen(app: NestFastifyApplication, settings: Settings, telemetry: Telemetry): Promise<Address> {
  const { metricsHost, metricsPort } = settings;
  try {
    await app.listen(metricsPort, metricsHost);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError([`METRICS_HOST=${metricsHost} METRICS_PORT=${metricsPort} cannot be used: ${why}`]);
  }
  const bound = app.getHttpServer().address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : metricsPort;
  const host = metricsHost.includes(':') ? `[${metricsHost}]` : metricsHost;
  const address = `http://${host}:${port}`;
  telemetry.log.info({ address, port }, 'the metrics app listens');
  return { address, port };
}
