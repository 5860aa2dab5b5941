import { AddressRanges, FailedAttempts, listenerOptions, TokenFile } from '@app/access';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, OCCURRENCES, type Settings, StartError, Telemetry } from '@app/telemetry';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import { openBackend } from './backend.js';
import { BodyReader } from './body.js';
import { Gate } from './gate.js';
import { Measures } from './measures.js';
import { guardMetrics } from './metrics-guard.js';
import { nestLog } from './nest-log.js';
import { sendProblem } from './problem.js';
import { originCheck } from './sources/origin.js';
import { SourcesInForce } from './sources/sources-in-force.js';
import { webhookRoute } from './webhook.js';

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
  /** Reads sources, secrets, tokens and certificates anew; when anything in them is wrong, nothing changes. */
  reload(): void;
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
  refuseUnknownProxies(settings);
  const sources = SourcesInForce.open(settings, env, telemetry);
  const tokens = settings.tokensFile === null ? null : TokenFile.open(settings.tokensFile, telemetry);
  const gate = new Gate(settings.durability === 'reduced' ? new Set(['durability']) : new Set());
  const measures = new Measures(telemetry.registry);
  const { personalData } = settings;
  const backend = await openBackend({ settings, telemetry, gate, measures, sources });
  const adapter = createAdapter(settings, sources);
  let leaving = false;
  gate.watch('closing', () => (leaving ? 'the process is about to end' : null));
  adapter.getInstance().addHook('onRequest', (_request, reply, done) => {
    if (leaving) void reply.header('connection', 'close');
    done();
  });
  const failed = new FailedAttempts(settings.maxFailedAuthentications);
  const mayCome = originCheck(settings);
  const bodies = new BodyReader(settings.maxBodyBytesAtOnce);
  const route = { sources, personalData, mayCome, bodies, failed, gate, measures, telemetry, ...backend.route };
  await adapter.getInstance().register(webhookRoute(route));
  if (tokens !== null) guardMetrics(adapter.getInstance(), tokens);
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
    reload: () => [sources, tokens].forEach((one) => one?.reload()),
    leave: () => void (leaving = true),
    close: async () => {
      leaving = true;
      [sources, tokens].forEach((one) => one?.stop());
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

/** A Fastify server that keeps the limits, with TLS where there is a certificate. */
function createAdapter(settings: Settings, sources: SourcesInForce): FastifyAdapter {
  const { http, ...options } = listenerOptions(settings);
  // What still comes on a connection that stands while the app ends can be stored, so it is.
  const shared = { ...options, frameworkErrors: refuse, skipMiddie: true, return503OnClosing: false };
  const { tls } = sources;
  const adapter =
    tls === null
      ? new FastifyAdapter({ ...shared, http })
      : new FastifyAdapter({ ...shared, https: { ...http, ...tls } });
  const server = adapter.getInstance().server;
  server.maxConnections = settings.maxConnections;
  sources.attach(server);
  return adapter;
}

function refuseUnknownProxies({ trustedProxies, clientCertHeader }: Settings): void {
  const parsed = AddressRanges.parse(trustedProxies);
  if (!parsed.ok) {
    throw new StartError([
      `LIVEMETER_TRUSTED_PROXIES: "${parsed.wrong}" is no address and no range such as 10.0.0.0/8`,
    ]);
  }
  if (clientCertHeader !== null && trustedProxies.length === 0) {
    throw new StartError([
      'INGESTION_CLIENT_CERT_HEADER needs LIVEMETER_TRUSTED_PROXIES: anybody could send that header',
    ]);
  }
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
  const address = `${settings.tlsCert === null ? 'http' : 'https'}://${host}:${port}`;
  telemetry.log.info({ address, port }, 'ingestion listens');
  return { address, port };
}
