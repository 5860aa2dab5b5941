import { randomBytes } from 'node:crypto';
import type { Terminal } from '../terminal.js';
import { type AppPlan, urlOf } from './plan.js';
import { programService } from './program-service.js';
import type { Service } from './supervisor.js';
import { DEMO_ACCOUNT } from './welcome.js';
import { summarise } from './summary.js';

const REPORT_EVERY_MS = 5_000;

/** Twenty times as fast as people are, with deadlines after 5 s: something moves on every metric within seconds. */
const PACE = ['--agents', '20', '--tempo', '20', '--sla', '100s'];

/** What the demo sets where nobody has: a key, with which the simulator signs and ingestion verifies. */
export function demoSecrets(env: Terminal['env']): NodeJS.ProcessEnv {
  return { LP_KEY: env['LP_KEY'] || randomBytes(24).toString('hex') };
}

/** The simulated contact center, sending to the ingestion that runs here, without end. */
export function simulator(plans: readonly AppPlan[], env: NodeJS.ProcessEnv, onLine: (line: string) => void): Service {
  const ingestion = plans.find(({ app }) => app === 'ingestion');
  const url = ingestion === undefined ? '' : `${urlOf(ingestion)}/v1/events/liveperson`;
  const args = ['simulate', '--url', url, '--account', DEMO_ACCOUNT, ...PACE];
  return programService({ app: 'cli', name: 'the simulator', args, env, url: null, onLine });
}

/** Says every few seconds what the metrics say, until told to stop. */
export function reportNumbers(plans: readonly AppPlan[], terminal: Terminal, stop: AbortSignal): void {
  const metrics = plans.find(({ app }) => app === 'metrics');
  if (metrics === undefined) return;
  const timer = setInterval(() => {
    void numbersNow(urlOf(metrics)).then((line) => {
      if (line !== null && !stop.aborted) terminal.err(line);
    });
  }, REPORT_EVERY_MS);
  stop.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** The present numbers in one line; null when they cannot be read just now. */
async function numbersNow(url: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(REPORT_EVERY_MS) });
    return response.ok ? summarise(await response.text()) : null;
  } catch {
    return null;
  }
}
