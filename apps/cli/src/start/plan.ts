import type { Settings } from '@app/telemetry';
import { EXIT, Failure } from '../failure.js';
import { freePort, isFree } from './ports.js';

/** The programs that receive, count and archive, in the order in which they are listed. */
export const APPS = ['ingestion', 'metrics', 'archive'] as const;

export type AppName = (typeof APPS)[number];

/** One app, and where it will listen. */
export interface AppPlan {
  readonly app: AppName;
  readonly host: string;
  readonly port: number;
  /** The variable that tells it the port. */
  readonly variable: string;
}

/** Which ports an app wants, by its settings. */
function wanted(app: AppName, settings: Settings): AppPlan {
  switch (app) {
    case 'ingestion':
      return { app, host: settings.ingestionHost, port: settings.ingestionPort, variable: 'INGESTION_PORT' };
    case 'metrics':
      return { app, host: settings.metricsHost, port: settings.metricsPort, variable: 'METRICS_PORT' };
    case 'archive':
      return { app, host: settings.archiveHost, port: settings.archivePort, variable: 'ARCHIVE_PORT' };
  }
}

/** What `start` was asked to run. */
export interface Asked {
  readonly apps: readonly AppName[];
  /** In a demo a port that is taken is replaced by a free one; else it is an error, but for one that nobody has chosen. */
  readonly demo: boolean;
  /** Variables of ports that were set. */
  readonly chosen: (variable: string) => boolean;
  readonly report: (line: string) => void;
}

/** Decides where each app listens. Throws a {@link Failure} that names the variable to set when a port is taken. */
export async function planApps(asked: Asked, settings: Settings): Promise<AppPlan[]> {
  const plans: AppPlan[] = [];
  for (const app of asked.apps) plans.push(await placed(wanted(app, settings), asked));
  return plans;
}

async function placed(plan: AppPlan, { demo, chosen, report }: Asked): Promise<AppPlan> {
  if (plan.port !== 0 && (await isFree(plan.host, plan.port))) return plan;
  // Few ever ask the archive app anything.
  const mayMove = demo || (plan.app === 'archive' && !chosen(plan.variable));
  if (plan.port !== 0 && !mayMove) {
    throw new Failure(
      `${plan.host}:${plan.port} is taken (or not an address of this machine), so ${plan.app} cannot listen there — ` +
        `stop what uses it, or set ${plan.variable}, such as ${plan.variable}=${plan.port + 100}`,
    );
  }
  const port = await freePort(plan.host);
  if (plan.port !== 0) report(`Port ${plan.port} is taken: ${plan.app} listens on ${port} instead.`);
  return { ...plan, port };
}

/** The address at which an app can be reached from this machine. */
export function urlOf({ host, port }: AppPlan): string {
  const reachable = host === '0.0.0.0' || host === '' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Which apps a word on the command line means; without one, all that there are: the archive where one is kept. */
export function appsNamed(word: string | undefined, archiving = true): readonly AppName[] {
  if (word === undefined) return archiving ? APPS : APPS.filter((app) => app !== 'archive');
  const app = APPS.find((name) => name === word);
  if (app === undefined) {
    throw new Failure(`"${word}" is no app — write ${APPS.join(' or ')}, or none of them for all`, EXIT.wrongUse);
  }
  return [app];
}
