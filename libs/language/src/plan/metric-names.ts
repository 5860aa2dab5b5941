import type { MetricDefinition } from '../definition/definitions.js';
import type { Findings, Position, Problem } from '../diagnostic.js';

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const RESERVED_LABELS = ['le', 'quantile', 'window', 'account_id'];

/** Under these names the project exports its own metrics. */
const OWN_PREFIX = 'livemeter_';

/** Names that Prometheus derives from one metric's name. */
const DERIVED: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_count', '_sum', '_created'],
  counter: ['_created'],
  gauge: [],
};

/** Checks the names of all metrics, by Prometheus' rules and against each other. */
export function checkMetricNames(metrics: readonly MetricDefinition[], findings: Findings): void {
  const exported = metrics.filter((metric) => !metric.name.startsWith('_'));
  const taken = new Map(exported.map((metric) => [metric.name, metric]));
  for (const metric of metrics) {
    const problem = nameProblem(metric);
    if (problem !== null) findings.error(metric.at, problem);
    for (const derived of exported.includes(metric) ? derivedNames(metric) : []) {
      const other = taken.get(derived);
      if (other === undefined || other === metric) continue;
      findings.error(other.at, {
        code: 'name-collision',
        message: `"${derived}" is also what the ${metric.body?.type ?? 'metric'} "${metric.name}" is exported as`,
        remedy: 'rename one of them',
      });
    }
  }
}

function derivedNames({ name, body }: MetricDefinition): readonly string[] {
  const type = body?.type ?? 'gauge';
  // OpenMetrics knows a counter without its suffix.
  const family = type === 'counter' && name.endsWith('_total') ? name.slice(0, -'_total'.length) : name;
  const suffixes = (DERIVED[type] ?? []).map((suffix) => family + suffix);
  return family === name ? suffixes : [family, ...suffixes];
}

function nameProblem({ name, body }: MetricDefinition): Problem | null {
  if (!NAME.test(name)) {
    const remedy = 'use letters, digits and _, and begin with a letter';
    return { code: 'invalid-name', message: `"${name}" cannot be the name of a metric`, remedy };
  }
  if (name.startsWith(OWN_PREFIX)) {
    const message = `"${name}": names that begin with ${OWN_PREFIX} are the project's own`;
    return { code: 'reserved-name', message, remedy: 'use another name' };
  }
  const isTotal = name.endsWith('_total');
  if (body?.type === 'counter' && !isTotal) {
    return {
      code: 'invalid-name',
      message: `the counter "${name}" does not end in _total`,
      remedy: `call it ${name}_total`,
    };
  }
  if (body !== null && body.type !== 'counter' && isTotal) {
    const remedy = `call it ${name.slice(0, -'_total'.length)}`;
    return {
      code: 'invalid-name',
      message: `"${name}" is a ${body.type}, and _total ends the name of a counter`,
      remedy,
    };
  }
  return null;
}

/** Checks one label name; reports and gives false when it cannot be used. */
export function isGoodLabel(name: string, at: Position, findings: Findings): boolean {
  if (RESERVED_LABELS.includes(name)) {
    const remedy = name === 'account_id' ? 'leave it out: every metric has it' : 'use another name';
    findings.error(at, { code: 'reserved-name', message: `the label "${name}" is reserved`, remedy });
    return false;
  }
  if (NAME.test(name) && !name.startsWith('__')) return true;
  findings.error(at, {
    code: 'invalid-name',
    message: `"${name}" cannot be the name of a label`,
    remedy: 'use letters, digits and _, and begin with a letter',
  });
  return false;
}
