import { cumulative, type Family, type FamilySample } from './family.js';
import { formatDouble, formatValue } from './number-format.js';
import { Pace } from './pace.js';

/**
 * The families as one JSON document, in chunks of one family or less: `{"metrics":[{"name","type","help","samples":[…]}]}`.
 * A sample is `{"labels","value"}`; of a histogram `{"labels","count","sum","buckets":[{"le","count"}]}`, cumulative.
 * Keys stand in this order and numbers are exact, so that equal series give equal bytes.
 */
export async function* renderJson(families: AsyncIterable<Family> | Iterable<Family>): AsyncGenerator<string> {
  const pace = new Pace();
  let separator = '{"metrics":[\n';
  for await (const family of families) {
    let chunk = `${separator}{"name":${quote(family.name)},"type":${quote(family.type)},"help":${quote(family.help)},"samples":[`;
    separator = ',\n';
    for (const [index, sample] of family.samples.entries()) {
      chunk += `${index === 0 ? '' : ','}\n${sampleJson(family, sample)}`;
      if (!pace.due()) continue;
      yield chunk;
      chunk = '';
      await pace.rest();
    }
    yield `${chunk}]}`;
  }
  yield separator === ',\n' ? '\n]}\n' : '{"metrics":[]}\n';
}

function sampleJson(family: Family, sample: FamilySample): string {
  const labels = family.labelNames
    .map((name, index) => `${quote(name)}:${quote(sample.labels[index] ?? '')}`)
    .join(',');
  const start = `{"labels":{${labels}},`;
  if (family.type !== 'histogram') return `${start}"value":${formatValue(sample.value)}}`;
  const bounds = [...family.bounds.map(formatDouble), '+Inf'];
  const buckets = cumulative(sample.buckets).map(
    (count, index) => `{"le":"${bounds[index] ?? '+Inf'}","count":${count}}`,
  );
  return `${start}"count":${sample.count},"sum":${formatValue(sample.value)},"buckets":[${buckets.join(',')}]}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
