import { ParameterReader, type Parameters, type Read, type Rule, wholeNumber } from '../http/parameters.js';

/** What the metrics of an account are asked for. */
export interface MetricQuery {
  /** Names of metrics, in the order of the reply; null = all of them. */
  readonly names: readonly string[] | null;
  /** How far the course goes back (minutes), and how long a step is; null = no course. */
  readonly course: { readonly minutes: number; readonly stepMinutes: number } | null;
  /** Only samples with these labels. */
  readonly labels: ReadonlyMap<string, string>;
  /** The most samples of one metric. */
  readonly limit: number;
}

/** The parameters of metrics, beside labels. */
export const METRIC_PARAMETERS = ['name', 'range', 'limit'] as const;

const DAY_MINUTES = 24 * 60;

/** The most steps that a course has: the step is the shortest of these (minutes) that keeps within it. */
const MOST_STEPS = 150;
const STEPS = [1, 2, 5, 10];

/** The most metrics whose course is told at once. */
const MOST_NAMES = 20;

const NAMES: Rule<readonly string[] | null> = {
  allowed: `names of metrics, at most ${MOST_NAMES}, separated by commas`,
  parse: (text) => {
    const names = [...new Set(text.split(','))];
    return names.length <= MOST_NAMES && names.every((name) => /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name))
      ? names
      : undefined;
  },
};

const RANGE: Rule<MetricQuery['course']> = {
  allowed: 'from 1m to 24h, in whole minutes or hours: 15m, 1h, 24h',
  parse: (text) => {
    const [, amount, unit] = /^(\d{1,4})([mh])$/.exec(text) ?? [];
    const asked = Number(amount) * (unit === 'h' ? 60 : 1);
    if (!(asked >= 1 && asked <= DAY_MINUTES)) return undefined;
    const stepMinutes = STEPS.find((step) => asked / step <= MOST_STEPS) ?? 10;
    return { minutes: Math.ceil(asked / stepMinutes) * stepMinutes, stepMinutes };
  },
};

/** Reads the parameters of metrics; whatever is none of them is a label. Names every one that is wrong. */
export function readMetricQuery(parameters: Parameters): Read<MetricQuery> {
  const reader = new ParameterReader(parameters);
  const names = reader.read('name', NAMES, null);
  const course = reader.read('range', RANGE, null);
  if (course !== null && names === null) reader.wrong('range', 'only together with name');
  const labels = new Map<string, string>();
  for (const [label, value] of Object.entries(parameters)) {
    if (METRIC_PARAMETERS.some((name) => name === label)) continue;
    if (typeof value === 'string') labels.set(label, value);
    else reader.wrong(label, 'one value of that label');
  }
  return reader.result({ names, course, labels, limit: reader.read('limit', wholeNumber(1, 10_000), 1000) });
}
