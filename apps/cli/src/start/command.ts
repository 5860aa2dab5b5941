import type { Command } from 'commander';
import { EXIT, Failure } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { appsNamed } from './plan.js';

const HELP = `
Examples:
  livemeter start --demo         both apps, a Redis of our own and a simulated contact center
  livemeter start                both apps, and a Redis of our own unless REDIS_URL names one
  REDIS_URL=redis://10.0.0.5:6379 livemeter start metrics
                                 one app alone, such as on a machine of its own

Without REDIS_URL a Redis of our own runs on a free loopback port and keeps its data in .livemeter/redis of this folder;
the next start goes on with the same numbers. Ctrl-C stops everything in order. Settings come from the environment:
INGESTION_PORT (8420), METRICS_PORT (8421), LIVEMETER_CONFIG (./config), LP_KEY for the shipped sources.yaml, and more
(README.md).`;

/** Adds `livemeter start`. */
export function addStartCommand(program: Command, terminal: Terminal): void {
  program
    .command('start')
    .summary('run ingestion and the metrics app, and Redis if none is given')
    .description('Runs ingestion and the metrics app in the foreground, and a Redis of our own if none is given.')
    .argument('[app]', 'only this one: ingestion or metrics')
    .option('--demo', 'with a simulated contact center that sends signed webhooks')
    .addHelpText('after', HELP)
    .action(async (word: string | undefined, { demo = false }: { demo?: boolean }) => {
      const apps = appsNamed(word);
      if (demo && word !== undefined) {
        throw new Failure('--demo needs both apps — leave out the app, or leave out --demo', EXIT.wrongUse);
      }
      const { start } = await import('./start.js');
      process.exitCode = await start({ apps, demo, dataDir: '.livemeter', stop: askedToStop() }, terminal);
    });
}

/** Aborted by Ctrl-C, by a polite kill, and when the terminal is closed. Asking twice changes nothing. */
function askedToStop(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => asked.abort());
  return asked.signal;
}
