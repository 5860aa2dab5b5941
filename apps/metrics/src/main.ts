import 'reflect-metadata';
import { setTimeout as after } from 'node:timers/promises';
import { readSettings, StartError } from '@app/telemetry';
import { createMetricsApp, type MetricsApp } from './app.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Runs the metrics app until it is told to stop. Resolves to the exit code. */
async function main(): Promise<number> {
  const read = readSettings(process.env);
  if (!read.ok) throw new StartError(read.errors);
  const asked = new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });
  // Who is told to stop while Redis is still awaited need not wait for it.
  let app: MetricsApp | null = null;
  process.on('SIGHUP', () => void app?.reload());
  app = await Promise.race([createMetricsApp(read.settings), asked.then(() => null)]);
  if (app === null) return 0;
  await app.listen();
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
  process.stderr.write(`the metrics app cannot start:\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
  process.exit(1);
}
