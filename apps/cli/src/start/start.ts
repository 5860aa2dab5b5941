import { relative, resolve } from 'node:path';
import { withoutPassword } from '@app/telemetry';
import { loadCatalog } from '../catalog/load.js';
import { EXIT, type ExitCode, Failure, messageOf } from '../failure.js';
import { provideRedisProgram } from '../redis/program.js';
import { settingsOf } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { demoSecrets, reportNumbers, simulator } from './demo.js';
import { lockFolder } from './folder-lock.js';
import { Layers } from './layers.js';
import { presentLine } from './log-line.js';
import { type AppName, type AppPlan, planApps, urlOf } from './plan.js';
import { freePort } from './ports.js';
import { lastWords, prepareRedisFolder, privateRedis, privateRedisUrl } from './private-redis.js';
import { programService } from './program-service.js';
import type { Service } from './supervisor.js';
import { welcome } from './welcome.js';

/** What `start` was asked for on the command line. */
export interface StartOptions {
  readonly apps: readonly AppName[];
  readonly demo: boolean;
  /** The folder of everything that is kept beside the config: `.livemeter`. */
  readonly dataDir: string;
  /** Where what is received is archived; null: as the environment says. */
  readonly archive: string | null;
  /** Aborted when everything shall stop. */
  readonly stop: AbortSignal;
}

/** Runs Redis (unless one is given) and the apps until asked to stop; then stops them in reverse order. */
export async function start(options: StartOptions, terminal: Terminal): Promise<ExitCode> {
  const { redisUrl } = settingsOf(terminal);
  const report = (line: string): void => terminal.err(line);
  const asked = new Promise<void>((resolve) => options.stop.addEventListener('abort', () => resolve(), { once: true }));
  const release = redisUrl === null ? await takeFolder(options.dataDir) : null;
  const layers = new Layers(report);
  try {
    await Promise.race([bringUp(options, layers, terminal), asked]);
    await asked;
    report('Stopping …');
  } finally {
    await layers.stop();
    await release?.();
  }
  report('Stopped. All that was acknowledged is kept; the next start goes on from there.');
  return EXIT.good;
}

async function bringUp(options: StartOptions, layers: Layers, terminal: Terminal): Promise<void> {
  const settings = settingsOf(terminal);
  // Before anything runs: ingestion must not take events for a metrics app that will refuse its definitions.
  if (options.apps.includes('metrics')) await loadCatalog(settings.configDir);
  const chosen = (variable: string): boolean => (terminal.env[variable] ?? '') !== '';
  const plans = await planApps({ ...options, chosen, report: (line) => terminal.err(line) }, settings);
  const redisDir = settings.redisUrl === null ? resolve(options.dataDir, 'redis') : null;
  const redisUrl = settings.redisUrl ?? (await startRedis(options.dataDir, layers, terminal));
  const env = {
    // There is no balancer that would have to notice.
    LIVEMETER_DRAIN_MS: '0',
    ...terminal.env,
    ...(options.archive === null ? {} : { LIVEMETER_ARCHIVE: options.archive }),
    ...(options.demo ? demoSecrets(terminal.env) : {}),
    ...Object.fromEntries(plans.map((plan) => [plan.variable, String(plan.port)])),
    REDIS_URL: redisUrl,
  };
  await layers.add(plans.map((plan) => app(plan, env, options.demo, terminal)));
  const shownDir = redisDir === null ? null : relative(process.cwd(), redisDir);
  const archive = env.LIVEMETER_ARCHIVE ?? '';
  terminal.err(
    welcome({ plans, redisUrl: withoutPassword(redisUrl), redisDir: shownDir, archive, demo: options.demo }),
  );
  if (!options.demo) return;
  await layers.add([simulator(plans, env, (line) => terminal.err(line))]);
  reportNumbers(plans, terminal, options.stop);
}

function app(plan: AppPlan, env: NodeJS.ProcessEnv, demo: boolean, terminal: Terminal): Service {
  const least = demo ? 'warn' : 'info';
  return programService({
    app: plan.app,
    name: plan.app,
    env,
    url: urlOf(plan),
    onLine: (line) => {
      // For a machine the log lines stay as they are, on standard output; for a person, and in the demo, they are made readable.
      if (!demo && !terminal.interactive) return void terminal.out(`${line}\n`);
      const shown = presentLine(plan.app, line, least);
      if (shown !== null) terminal.err(shown);
    },
  });
}

/** Takes the data folder for this process; returns what lets go of it. */
async function takeFolder(dataDir: string): Promise<() => Promise<void>> {
  const lock = await lockFolder(dataDir);
  if ('release' in lock) return () => lock.release();
  throw new Failure(
    `another \`livemeter start\` (process ${lock.heldBy}) runs from this folder and uses the data in ${dataDir} — ` +
      'stop it first; or let both use one Redis by setting REDIS_URL; or start from another folder',
  );
}

/** Starts a Redis of our own; returns its address. */
async function startRedis(dataDir: string, layers: Layers, terminal: Terminal): Promise<string> {
  const report = (line: string): void => terminal.err(line);
  const dir = resolve(dataDir, 'redis');
  const path = terminal.env['PATH'] ?? '';
  const program = await provideRedisProgram({ toolsDir: resolve(dataDir, 'tools'), path, report });
  await prepareRedisFolder(dir, report);
  const port = await freePort('127.0.0.1');
  try {
    await layers.add([privateRedis({ program, dir, port })]);
  } catch (error) {
    throw new Failure(
      `${messageOf(error)} The end of ${relative(process.cwd(), dir)}/redis.log:\n${await lastWords(dir)}`,
    );
  }
  return privateRedisUrl(port);
}
