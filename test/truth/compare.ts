/** How two expositions are compared. */
export interface Comparison {
  /** Whether both are of one instant. If not, what reads the clock is left out: ages and windows. */
  readonly isSameInstant: boolean;
}

/** What the comparison found: how many series are alike, and one line for each that is not. */
export interface Findings {
  readonly alike: number;
  readonly differences: readonly string[];
}

const OF_THE_CLOCK = /^(oldest_queued|longest_awaiting_response)_seconds\{|window="/;

/**
 * Compares what the truth says with what the system says, for every metric that the truth declares. A counter that is not there is 0; a gauge
 * has to be there or not in both. Numbers must be equal to the micro-unit in which the system adds them up.
 */
export function compare(truth: string, exposition: string, { isSameInstant }: Comparison): Findings {
  const types = new Map<string, string>();
  for (const [, name = '', type = ''] of truth.matchAll(/^# TYPE (\S+) (\S+)$/gm)) types.set(name, type);
  const wanted = samplesOf(truth, types);
  const found = samplesOf(exposition, types);
  const differences: string[] = [];
  let alike = 0;
  for (const series of new Set([...wanted.keys(), ...found.keys()])) {
    if (!isSameInstant && OF_THE_CLOCK.test(series)) continue;
    const isGauge = types.get(nameOf(series, types)) === 'gauge';
    const absent = isGauge ? NaN : 0;
    const want = wanted.get(series) ?? absent;
    const got = found.get(series) ?? absent;
    if (areAlike(want, got, isGauge)) alike += 1;
    else differences.push(`${series}: the truth is ${told(want)}, the system says ${told(got)}`);
  }
  return { alike, differences: differences.sort() };
}

/** A ratio is rounded to micro-units by one and not by the other; anything else is equal or is not. */
function areAlike(want: number, got: number, isGauge: boolean): boolean {
  if (Number.isNaN(want) || Number.isNaN(got)) return false;
  return isGauge ? Math.abs(want - got) <= 1.000001e-6 : want === got;
}

function told(value: number): string {
  return Number.isNaN(value) ? 'absent' : String(value);
}

function samplesOf(exposition: string, types: ReadonlyMap<string, string>): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of exposition.split('\n')) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null) continue;
    const [, name = '', labels = '', value = ''] = match;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([pair]) => pair).sort();
    const series = `${name}{${pairs.join(',')}}`;
    if (types.has(nameOf(series, types))) samples.set(series, Number(value));
  }
  return samples;
}

function nameOf(series: string, types: ReadonlyMap<string, string>): string {
  const name = series.slice(0, series.indexOf('{'));
  const base = name.replace(/_(bucket|sum|count)$/, '');
  return types.get(base) === 'histogram' ? base : name;
}
