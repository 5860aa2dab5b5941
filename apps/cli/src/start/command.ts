import type { Command } from 'commander';
import { EXIT, Failure } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { appsNamed } from './plan.js';

const HELP = `
Examples:
  livemeter start --demo         all apps, a Redis of our own and a simulated contact center
  livemeter start                all apps, and a Redis of our own unless REDIS_URL names one
  REDIS_URL=redis://10.0.0.5:6379 livemeter start metrics
                                 one app alone, such as on a machine of its own

What is received is archived as Parquet files in .livemeter/archive; LIVEMETER_ARCHIVE names another folder or
s3://bucket/prefix, or is off. Without REDIS_URL a Redis of our own runs on a free loopback port and keeps its data in .livemeter/redis of this folder;
the next start goes on with the same numbers. Ctrl-C stops everything in order. Settings come from the environment:
INGESTION_PORT (8420), METRICS_PORT (8421), LIVEMETER_CONFIG (./config), LP_KEY for the shipped sources.yaml, and more
(README.md).`;

/** Adds `livemeter start`. */
export function addStartCommand(program: Command, terminal: Terminal): void {
  program
    .command('start')
    .summary('run ingestion, the metrics app and the archive app, and Redis if none is given')
    .description('Runs all apps in the foreground, and a Redis of our own if none is given.')
    .argument('[app]', 'only this one: ingestion, metrics or archive')
    .option('--demo', 'with a simulated contact center that sends signed webhooks')
    .addHelpText('after', HELP)
    .action(async (word: string | undefined, { demo = false }: { demo?: boolean }) => {
      const archive = archiveBeside(word, terminal.env);
      const apps = appsNamed(word, archive !== 'off');
      if (demo && word !== undefined) {
        throw new Failure('--demo needs all apps — leave out the app, or leave out --demo', EXIT.wrongUse);
      }
      const { start } = await import('./start.js');
      process.exitCode = await start({ apps, demo, archive, dataDir: DATA_DIR, stop: askedToStop() }, terminal);
    });
}

const DATA_DIR = '.livemeter';

/** Where all that runs here together archives, unless the environment says it; null for an app that runs by itself. */
function archiveBeside(word: string | undefined, env: Terminal['env']): string | null {
  return word === undefined ? env['LIVEMETER_ARCHIVE'] || `${DATA_DIR}/archive` : null;
}

/** Aborted by Ctrl-C, by a polite kill, and when the terminal is closed. Asking twice changes nothing. */
function askedToStop(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => asked.abort());
  return asked.signal;
}
