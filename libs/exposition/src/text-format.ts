import { cumulative, type Family, type FamilySample } from './family.js';
import { formatCanonical, formatDouble, formatMillis, formatValue } from './number-format.js';
import { Pace } from './pace.js';

/** Content type of {@link renderPrometheus}. */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Content type of {@link renderOpenMetrics}. */
export const OPENMETRICS_CONTENT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Characters per chunk, about. */
const CHUNK_LENGTH = 1 << 16;

/** Where the two text formats differ. */
interface Dialect {
  familyName(family: Family): string;
  help(text: string): string;
  bound(value: number): string;
  readonly created: boolean;
  readonly end: string;
  /** What stands behind each value: nothing, or a blank and a time. */
  readonly stamp: string;
}

/** What OpenMetrics ends with. */
export const OPENMETRICS_END = '# EOF\n';

const PROMETHEUS: Dialect = {
  familyName: (family) => family.name,
  help: (text) => text.replace(/[\\\n]/g, escaped),
  bound: formatDouble,
  created: false,
  end: '',
  stamp: '',
};

const OPENMETRICS: Dialect = {
  familyName: (family) => (family.type === 'counter' ? family.name.replace(/_total$/, '') : family.name),
  help: escapeText,
  bound: formatCanonical,
  created: true,
  end: OPENMETRICS_END,
  stamp: '',
};

/** The Prometheus text format 0.0.4, in chunks of some 64 KiB. Families are written in the order given. */
export function renderPrometheus(families: AsyncIterable<Family> | Iterable<Family>): AsyncGenerator<string> {
  return render(families, PROMETHEUS);
}

/** OpenMetrics 1.0, in chunks of some 64 KiB, with `_created` of every counter and histogram series. */
export function renderOpenMetrics(families: AsyncIterable<Family> | Iterable<Family>): AsyncGenerator<string> {
  return render(families, OPENMETRICS);
}

/**
 * The samples of an instant (ms) as lines of OpenMetrics with its time, for a file that holds many instants; of what
 * describes a metric it writes as much as `described` says, and no end.
 */
export function renderInstant(
  families: AsyncIterable<Family> | Iterable<Family>,
  { atMs, described }: { readonly atMs: number; readonly described: boolean },
): AsyncGenerator<string> {
  return render(families, { ...OPENMETRICS, created: false, end: '', stamp: ` ${formatMillis(atMs)}` }, described);
}

async function* render(
  families: AsyncIterable<Family> | Iterable<Family>,
  dialect: Dialect,
  described = true,
): AsyncGenerator<string> {
  const pace = new Pace();
  let chunk = '';
  for await (const family of families) {
    if (described) chunk += head(family, dialect);
    for (const sample of family.samples) {
      chunk += lines(family, sample, dialect);
      if (chunk.length >= CHUNK_LENGTH) {
        yield chunk;
        chunk = '';
      }
      if (pace.due()) await pace.rest();
    }
  }
  chunk += dialect.end;
  if (chunk !== '') yield chunk;
}

function head(family: Family, dialect: Dialect): string {
  const name = dialect.familyName(family);
  return `# HELP ${name} ${dialect.help(family.help)}\n# TYPE ${name} ${family.type}\n`;
}

function lines(family: Family, sample: FamilySample, dialect: Dialect): string {
  const labels = labelText(family.labelNames, sample.labels);
  const braced = labels === '' ? '' : `{${labels}}`;
  switch (family.type) {
    case 'gauge':
      return `${family.name}${braced} ${formatValue(sample.value)}${dialect.stamp}\n`;
    case 'counter':
      return (
        `${family.name}${braced} ${formatValue(sample.value)}${dialect.stamp}\n` +
        created(dialect, family, braced, sample.createdMs)
      );
    case 'histogram':
      return histogramLines(family, sample, { labels, braced, dialect });
  }
}

function histogramLines(
  family: Family,
  sample: FamilySample,
  { labels, braced, dialect }: { labels: string; braced: string; dialect: Dialect },
): string {
  const { stamp } = dialect;
  const counts = cumulative(sample.buckets);
  const prefix = `${family.name}_bucket{${labels}${labels === '' ? '' : ','}le="`;
  let text = '';
  family.bounds.forEach((bound, index) => {
    text += `${prefix}${dialect.bound(bound)}"} ${counts[index] ?? 0}${stamp}\n`;
  });
  return (
    text +
    `${prefix}+Inf"} ${sample.count}${stamp}\n` +
    `${family.name}_sum${braced} ${formatValue(sample.value)}${stamp}\n` +
    `${family.name}_count${braced} ${sample.count}${stamp}\n` +
    created(dialect, family, braced, sample.createdMs)
  );
}

function created(dialect: Dialect, family: Family, braced: string, createdMs: number | null): string {
  if (!dialect.created || createdMs === null) return '';
  return `${dialect.familyName(family)}_created${braced} ${formatMillis(createdMs)}\n`;
}

function labelText(names: readonly string[], values: readonly string[]): string {
  let text = '';
  for (let i = 0; i < names.length; i++) {
    text += `${i === 0 ? '' : ','}${names[i]}="${escapeText(values[i] ?? '')}"`;
  }
  return text;
}

function escapeText(text: string): string {
  return /[\\"\n]/.test(text) ? text.replace(/[\\"\n]/g, escaped) : text;
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}
