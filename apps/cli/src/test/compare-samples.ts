import type { Family, FamilySample } from '@app/exposition';
import type { Expectation, WantedSample } from '@app/language';
import type { Difference } from './difference.js';
import { numberText, seriesText } from '../trace/text.js';

const ABSENT = 'no such sample';

/** What is otherwise than wanted in the samples of a metric, label set by label set. */
export function compareSamples(
  { position, at, metric, samples }: Extract<Expectation, { kind: 'samples' }>,
  family: Family,
): readonly Difference[] {
  const labelNames = family.labelNames.slice(1);
  const about = (labels: readonly string[]) => ({ position, at, subject: seriesText(metric, labelNames, labels) });
  const gotten = new Map(family.samples.map((sample) => [labelKey(sample.labels.slice(1)), sample]));
  const differences: Difference[] = [];
  for (const want of samples) {
    const got = gotten.get(labelKey(want.labels));
    gotten.delete(labelKey(want.labels));
    const texts = textsOf(want, got, family);
    if (texts !== null) differences.push({ ...about(want.labels), ...texts });
  }
  for (const got of gotten.values()) {
    const whole = family.type === 'histogram' ? ['count', 'sum'] : ['value'];
    const read = readingOf(got, family);
    differences.push({
      ...about(got.labels.slice(1)),
      want: ABSENT,
      got: whole.map((key) => shown(key, read)).join(', '),
    });
  }
  return differences;
}

function labelKey(labels: readonly string[]): string {
  return JSON.stringify(labels);
}

/** The wanted numbers beside those that are there; null when they are equal. */
function textsOf(
  want: WantedSample,
  got: FamilySample | undefined,
  family: Family,
): { want: string; got: string } | null {
  const wanted = wantedNumbers(want, family);
  const read = got === undefined ? null : readingOf(got, family);
  if (read !== null && [...wanted].every(([key, number]) => isEqual(number, read.get(key)))) return null;
  const keys = [...wanted.keys()];
  return {
    want: keys.map((key) => shown(key, wanted)).join(', '),
    got: read === null ? ABSENT : keys.map((key) => shown(key, read)).join(', '),
  };
}

type Numbers = ReadonlyMap<string, number | bigint>;

function wantedNumbers({ value, count, sum, buckets }: WantedSample, family: Family): Numbers {
  const plain = Object.entries({ value, count, sum }).flatMap(([key, number]) =>
    number === null ? [] : [[key, number] as const],
  );
  return new Map([...plain, ...[...buckets].map(([index, number]) => [bucketName(family, index), number] as const)]);
}

function readingOf({ value, count, buckets }: FamilySample, family: Family): Numbers {
  if (family.type !== 'histogram') return new Map([['value', value]]);
  let total = 0;
  const cumulative = buckets.map((inBucket, index) => [bucketName(family, index), (total += inBucket)] as const);
  return new Map<string, number | bigint>([['count', count], ['sum', value], ...cumulative]);
}

function bucketName({ bounds }: Family, index: number): string {
  return `le ${bounds[index] ?? '+Inf'}`;
}

function shown(key: string, numbers: Numbers): string {
  const number = numbers.get(key);
  const text = number === undefined ? 'nothing' : numberText(number);
  return key === 'value' ? text : `${key} ${text}`;
}

/** What is kept is exact to the millionth; what is computed is compared to the sixth digit. */
function isEqual(want: number | bigint, got: number | bigint | undefined): boolean {
  if (typeof got === 'bigint') return BigInt(Math.round(Number(want) * 1e6)) === got;
  return got !== undefined && Math.abs(Number(want) - got) <= 1e-6 * Math.max(1, Math.abs(got));
}
