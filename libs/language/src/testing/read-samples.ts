import type { MetricPlan } from '../catalog.js';
import { didYouMean } from '../nearest-name.js';
import type { Place } from './place.js';
import type { SampleBody } from './schema.js';
import type { WantedSample } from './test-case.js';

/** The wanted samples of a metric. */
export function readSamples(bodies: readonly SampleBody[], metric: MetricPlan, place: Place): readonly WantedSample[] {
  const samples = bodies.map((body, index) => readSample(body, metric, place.below(index)));
  samples.forEach((sample, index) => {
    const labels = JSON.stringify(sample.labels);
    if (!samples.slice(0, index).some((earlier) => JSON.stringify(earlier.labels) === labels)) return;
    const message = 'a sample with the same labels stands above';
    place.below(index).error({ code: 'duplicate', message, remedy: 'leave out one of them' });
  });
  return samples;
}

function readSample(body: SampleBody, metric: MetricPlan, place: Place): WantedSample {
  checkLabels(body, metric, place);
  checkNumbers(body, metric, place);
  return {
    labels: metric.labelNames.map((name) => body.labels?.[name] ?? ''),
    value: body.value ?? null,
    count: body.count ?? null,
    sum: body.sum ?? null,
    buckets: readBuckets(body.buckets ?? {}, metric, place.below('buckets')),
  };
}

function checkLabels({ labels = {} }: SampleBody, { name: metric, labelNames }: MetricPlan, place: Place): void {
  for (const name of Object.keys(labels)) {
    if (labelNames.includes(name)) continue;
    const own = labelNames.length === 0 ? 'it has none' : `its labels are ${labelNames.join(', ')}`;
    place.below('labels').errorAtKey(name, {
      code: 'unknown-label',
      message: `"${name}" is not a label of ${metric}`,
      remedy: name === 'account_id' ? 'leave it out: a test has one account' : didYouMean(name, labelNames, own),
    });
  }
}

const OF_HISTOGRAM = ['count', 'sum', 'buckets'] as const;

/** A histogram has a count and a sum, everything else a value. */
function checkNumbers(body: SampleBody, { name, type }: MetricPlan, place: Place): void {
  const isHistogram = type === 'histogram';
  const wanted = isHistogram ? OF_HISTOGRAM : (['value'] as const);
  const foreign = isHistogram ? (['value'] as const) : OF_HISTOGRAM;
  for (const key of foreign) {
    if (body[key] === undefined) continue;
    place.errorAtKey(key, {
      code: 'conflicting-keys',
      message: `${name} is a ${type}, whose samples have no "${key}"`,
      remedy: isHistogram ? 'use count and sum' : 'use value',
    });
  }
  if ([...wanted, ...foreign].some((key) => body[key] !== undefined)) return;
  place.error({
    code: 'missing-key',
    message: isHistogram ? 'a sample of a histogram has no "count" or "sum"' : 'a sample has no "value"',
    remedy: isHistogram ? 'add count: and sum:' : 'add value: with the number that it is to be',
  });
}

function readBuckets(
  body: Readonly<Record<string, number>>,
  { name, kept }: MetricPlan,
  place: Place,
): ReadonlyMap<number, number> {
  const bounds = kept.kind === 'histogram' ? [...kept.buckets, Infinity] : [];
  const buckets = new Map<number, number>();
  for (const [key, count] of Object.entries(body)) {
    const index = bounds.indexOf(key === '+Inf' ? Infinity : Number(key));
    if (index >= 0) buckets.set(index, count);
    else if (bounds.length > 0) {
      place.errorAtKey(key, {
        code: 'unknown-name',
        message: `${key} is not a bucket bound of ${name}`,
        remedy: `its bounds are ${bounds.slice(0, -1).join(', ')} and +Inf`,
      });
    }
  }
  return buckets;
}
