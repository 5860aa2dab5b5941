import type { WindowPlan } from '../catalog.js';
import type { MetricDefinition } from '../definition/definitions.js';
import type { Findings } from '../diagnostic.js';
import type { MetricBody } from '../source/schema.js';

const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

const MOST_WINDOWS = 10;

/** Minutes are kept for so long (s). */
const LONGEST_SECONDS = 86_400;

/** The windows of a formula, in written order; what is not a whole number of minutes up to a day is reported. */
export function planWindows(metric: MetricDefinition, body: MetricBody, findings: Findings): readonly WindowPlan[] {
  const all = body.windows ?? [];
  return all.flatMap((label, index) => {
    if (index >= MOST_WINDOWS) {
      const message = `the metric "${metric.name}" has more than ${MOST_WINDOWS} windows`;
      if (index === MOST_WINDOWS) {
        findings.error(metric.positionOf('windows', index), { code: 'too-large', message, remedy: 'leave some out' });
      }
      return [];
    }
    const [, digits = '', unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(label) ?? [];
    const seconds = Number(digits) * (UNITS[unit] ?? 0);
    if (all.indexOf(label) < index) {
      const message = `the window "${label}" is listed twice`;
      findings.error(metric.positionOf('windows', index), { code: 'duplicate', message, remedy: 'list it once' });
      return [];
    }
    if (seconds > 0 && seconds <= LONGEST_SECONDS) return [{ label, seconds }];
    findings.error(metric.positionOf('windows', index), {
      code: 'wrong-shape',
      message: `"${label}" is no window`,
      remedy: 'write whole minutes, hours or a day, at most 24h, as in [5m, 15m, 1h]',
    });
    return [];
  });
}

/** The metrics that a formula with windows reads, directly or through other formulas: their minutes are kept. */
export function windowedNames(
  metrics: readonly MetricDefinition[],
  formulaNames: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  const found = new Set<string>();
  const visit = (metric: MetricDefinition): void => {
    for (const name of formulaNames.get(metric.name) ?? []) {
      const read = byName.get(name);
      if (read === undefined || found.has(name)) continue;
      found.add(name);
      visit(read);
    }
  };
  for (const metric of metrics) if (metric.body?.windows !== undefined) visit(metric);
  return found;
}
