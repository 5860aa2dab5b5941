import 'reflect-metadata';
import { setTimeout as after } from 'node:timers/promises';
import { createLogger, readSettings, StartError } from '@app/telemetry';
import { createIngestionApp } from './app.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Runs ingestion until it is told to stop. Resolves to the exit code. */
async function main(): Promise<number> {
  const read = readSettings(process.env);
  if (!read.ok) throw new StartError(read.errors);
  const log = createLogger('ingestion', read.settings.logLevel);
  for (const warning of read.warnings) log.warn(warning);
  const asked = new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });
  const app = await createIngestionApp(read.settings, process.env);
  process.on('SIGHUP', () => app.reload());
  await Promise.race([app.listen(), asked]);
  await asked;
  // Whoever asks for readiness gets the time to notice, and to send elsewhere.
  app.leave();
  await after(read.settings.drainMs);
  await app.close();
  return 0;
}

try {
  process.exit(await main());
} catch (error) {
  const lines = error instanceof StartError ? error.lines : [error instanceof Error ? error.stack : String(error)];
  process.stderr.write(`ingestion cannot start:\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
  process.exit(1);
}
