import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import type { Logger } from './log.js';
import type { Occurrence } from './occurrence.js';

/** A label that has taken this many values takes no more: later ones are counted as `other`. */
const LABEL_VALUES_MAX = 200;

/** A label value is cut here. */
const LABEL_LENGTH_MAX = 128;

/** Gauges of prom-client with the suffix of a counter, which promtool rejects; what they add up is there by type. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** What one program says of itself: a log, metrics of its own, and one call for what happens in operation. */
export class Telemetry {
  /** This program's own metrics; nothing is ever registered globally. */
  readonly registry = new Registry();
  private readonly counters = new Map<string, CountedOccurrence>();

  constructor(readonly log: Logger) {}

  /** Adds the process's own figures: CPU, memory, event loop. */
  withProcessMetrics(): this {
    collectDefaultMetrics({ register: this.registry });
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
    return this;
  }

  /** Makes a counter appear at 0 before the first time, where it has no labels. */
  expect(...occurrences: readonly Occurrence<string>[]): this {
    for (const occurrence of occurrences) this.counted(occurrence);
    return this;
  }

  /**
   * Counts an occurrence and logs it: `labels` go to both, `details` only to the log. A log line of the same occurrence
   * and labels within its `quietMs` is left out; the next one says how many were.
   */
  report<L extends string>(
    occurrence: Occurrence<L>,
    labels: Readonly<Record<L, string>>,
    details: Readonly<Record<string, unknown>> = {},
    times = 1,
  ): void {
    const counted = this.counted(occurrence);
    const bounded = counted.bound(labels);
    counted.counter.inc(bounded, times);
    const left = counted.mayLog(bounded, occurrence.quietMs, times);
    if (left === null) return;
    const suppressed = left > 0 ? { suppressed: left } : {};
    this.log[occurrence.level]({ ...labels, ...details, ...suppressed, msg: occurrence.message });
  }

  private counted(occurrence: Occurrence<string>): CountedOccurrence {
    let counted = this.counters.get(occurrence.metric);
    if (counted === undefined) {
      counted = new CountedOccurrence(occurrence, this.registry);
      this.counters.set(occurrence.metric, counted);
    }
    return counted;
  }
}

/** The counter of one occurrence, the label values that it has seen, and when each was last logged. */
class CountedOccurrence {
  readonly counter: Counter;
  private readonly seen = new Map<string, Set<string>>();
  private readonly logged = new Map<string, { at: number; left: number }>();

  constructor(occurrence: Occurrence<string>, registry: Registry) {
    this.counter = new Counter({
      name: occurrence.metric,
      help: occurrence.help,
      labelNames: [...occurrence.labels],
      registers: [registry],
    });
    for (const label of occurrence.labels) this.seen.set(label, new Set());
  }

  /** The labels with values that are short and few, whoever chose them. */
  bound(labels: Readonly<Record<string, string>>): Record<string, string> {
    const bounded: Record<string, string> = {};
    for (const [label, values] of this.seen) {
      const value = (labels[label] ?? '').slice(0, LABEL_LENGTH_MAX);
      if (!values.has(value) && values.size < LABEL_VALUES_MAX) values.add(value);
      bounded[label] = values.has(value) ? value : 'other';
    }
    return bounded;
  }

  /** Null when the line is to be left out; else how many were left out since the last. */
  mayLog(labels: Readonly<Record<string, string>>, quietMs: number, times: number): number | null {
    if (quietMs === 0) return 0;
    const key = Object.values(labels).join('\0');
    const last = this.logged.get(key);
    const now = performance.now();
    if (last !== undefined && now - last.at < quietMs) {
      last.left += times;
      return null;
    }
    this.logged.set(key, { at: now, left: 0 });
    return last?.left ?? 0;
  }
}
