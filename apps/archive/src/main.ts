import 'reflect-metadata';
import { createLogger, readSettings, StartError } from '@app/telemetry';
import { createArchiveApp } from './app.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Runs the archive app until it is told to stop. Resolves to the exit code. */
async function main(): Promise<number> {
  const read = readSettings(process.env);
  if (!read.ok) throw new StartError(read.errors);
  const log = createLogger('archive', read.settings.logLevel);
  for (const warning of read.warnings) log.warn(warning);
  const asked = new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });
  const app = await createArchiveApp(read.settings);
  process.on('SIGHUP', () => app.reload());
  await Promise.race([app.listen(), asked]);
  await asked;
  await app.close();
  return 0;
}

try {
  process.exit(await main());
} catch (error) {
  const lines = error instanceof StartError ? error.lines : [error instanceof Error ? error.stack : String(error)];
  process.stderr.write(`the archive app cannot start:\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
  process.exit(1);
}
