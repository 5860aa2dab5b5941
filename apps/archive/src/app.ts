import { bearerOf, findToken, listenerOptions, TokenFile } from '@app/access';
import { type DynamicModule, type LoggerService, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, type Settings, StartError, Telemetry } from '@app/telemetry';
import type { FastifyInstance } from 'fastify';
import { openBackend } from './backend.js';
import { ProbesController } from './probes.controller.js';
import { Readiness } from './readiness.js';

@Module({})
class AppModule {
  static with(telemetry: Telemetry, readiness: Readiness): DynamicModule {
    const providers = [
      { provide: Telemetry, useValue: telemetry },
      { provide: Readiness, useValue: readiness },
    ];
    return { module: AppModule, controllers: [ProbesController], providers };
  }
}

/** The archive app, ready to work. */
export interface ArchiveApp {
  /** Begins to answer, and to archive. Resolves to the address. Rejects with {@link StartError} when that is taken. */
  listen(): Promise<string>;
  /** Reads the tokens anew. */
  reload(): void;
  /** Archives what is gathered, gives the queue back and closes everything. */
  close(): Promise<void>;
}

/** Builds the app from its settings. Rejects with {@link StartError} for whatever an operator can put right. */
export async function createArchiveApp(settings: Settings): Promise<ArchiveApp> {
  const telemetry = new Telemetry(createLogger('archive', settings.logLevel)).withProcessMetrics();
  const tokens = settings.tokensFile === null ? null : TokenFile.open(settings.tokensFile, telemetry);
  const backend = await openBackend(settings, telemetry);
  const { http, ...options } = listenerOptions(settings);
  const adapter = new FastifyAdapter({ ...options, http, skipMiddie: true });
  if (tokens !== null) guardMetrics(adapter.getInstance(), tokens);
  const readiness = new Readiness(() => backend.missing);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(telemetry, readiness), adapter, {
    bodyParser: false,
    logger: nestLog(telemetry),
    abortOnError: false,
  });
  return {
    listen: async () => {
      const address = await listen(app, settings);
      telemetry.log.info({ address, archive: settings.archive }, 'the archive app listens');
      backend.start();
      return address;
    },
    reload: () => tokens?.reload(),
    close: async () => {
      tokens?.stop();
      await app.close();
      await backend.close();
      telemetry.log.info('the archive app has stopped');
    },
  };
}

async function listen(app: NestFastifyApplication, { archiveHost, archivePort }: Settings): Promise<string> {
  try {
    await app.listen(archivePort, archiveHost);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError([`ARCHIVE_HOST=${archiveHost} ARCHIVE_PORT=${archivePort} cannot be used: ${why}`]);
  }
  const bound = app.getHttpServer().address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : archivePort;
  return `http://${archiveHost.includes(':') ? `[${archiveHost}]` : archiveHost}:${port}`;
}

/** Where there is a file of tokens, `/metrics` asks for one of all accounts with the scope `metrics`. */
function guardMetrics(fastify: FastifyInstance, tokens: TokenFile): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.url !== '/metrics') return done();
    const token = findToken(tokens.current, bearerOf(request.headers.authorization) ?? '');
    const status = token === null ? 401 : token.accounts !== null || !token.scopes.has('metrics') ? 403 : null;
    if (status === null) return done();
    void reply.code(status).send();
  });
}

function nestLog({ log }: Telemetry): LoggerService {
  const at = (level: 'debug' | 'warn' | 'error') => (message: unknown) => log[level]({ msg: String(message) });
  return { log: at('debug'), debug: at('debug'), verbose: at('debug'), warn: at('warn'), error: at('error') };
}
