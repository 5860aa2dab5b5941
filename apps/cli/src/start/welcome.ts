import { type AppPlan, urlOf } from './plan.js';

/** What there is to tell when everything runs. */
export interface WelcomeFacts {
  readonly plans: readonly AppPlan[];
  readonly redisUrl: string;
  /** The data folder of our own Redis; null when one was given. */
  readonly redisDir: string | null;
  /** Where what is received is archived; '' or `off`: nowhere. */
  readonly archive: string;
  readonly demo: boolean;
}

/** What a person can do with what is running now: addresses, examples, and how to stop. */
export function welcome({ plans, redisUrl, redisDir, archive, demo }: WelcomeFacts): string {
  const rows = [
    ...plans.flatMap((plan) => rowsOf(plan, demo)),
    ...(archive === '' || archive === 'off' ? [] : [['archive', archive]]),
    ['Redis', redisDir === null ? redisUrl : `${redisUrl} (our own; its data is in ${redisDir})`],
  ];
  const width = Math.max(...rows.map(([what = '']) => what.length));
  return [
    '',
    demo
      ? 'Livemeter is running, with a simulated contact center. Ctrl-C stops it.'
      : 'Livemeter is running. Ctrl-C stops it.',
    ...rows.map(([what = '', where = '']) => `  ${what.padEnd(width)}  ${where}`),
    '',
  ].join('\n');
}

function rowsOf(plan: AppPlan, demo: boolean): string[][] {
  switch (plan.app) {
    case 'ingestion':
      return ingestionRows(urlOf(plan), demo);
    case 'metrics':
      return metricsRows(urlOf(plan), demo);
    case 'archive':
      return [];
  }
}

function ingestionRows(url: string, demo: boolean): string[][] {
  const source = demo ? 'liveperson' : '{source}      the sources are in sources.yaml';
  return [['send events', `POST ${url}/v1/events/${source}`]];
}

function metricsRows(url: string, demo: boolean): string[][] {
  const account = demo ? DEMO_ACCOUNT : '{account}';
  return [
    ['wallboard', `${url}/?account=${account}`],
    ['metrics', `${url}/metrics`],
    ['agents', `${url}/v1/accounts/${account}/agents?sort=-load`],
    ['load', `${url}/v1/accounts/${account}/load`],
  ];
}

/** The account that the simulated contact center sends as. */
export const DEMO_ACCOUNT = '84731';
