import { compareLabels, type Family, type FamilySample } from './family.js';

/** What the app knows of the whole system, the same at every replica. */
export interface SystemFacts {
  /** The partitions' own counters, added up; keys are `name|label value|…`. */
  readonly stats: ReadonlyMap<string, number>;
  /** What is set aside now, and how many entries had to go to keep within the limits. */
  readonly quarantine: {
    readonly entries: number;
    readonly bytes: number;
    readonly dropped: number;
    /** Set aside since the beginning, by reason. */
    readonly added: ReadonlyMap<string, number>;
  };
  /** Events in the queues that are not applied yet. */
  readonly backlogEvents: number;
  /** Whether Redis keeps what it is given (appendonly, fsync always, noeviction). */
  readonly durable: boolean;
  /** Fingerprint of the catalog in force, its version, and when it came into force (ms). */
  readonly catalog: { readonly fingerprint: string; readonly version: number; readonly changedMs: number };
}

interface StatMetric {
  readonly help: string;
  readonly labelNames: readonly string[];
}

/** Counters that commits write, by the name under which the engine counts them; exported as `livemeter_<name>`. */
const STAT_METRICS: ReadonlyMap<string, StatMetric> = new Map([
  [
    'events_total',
    {
      help: 'Events by entity and by what became of them: applied, late (applied too) or duplicate.',
      labelNames: ['entity', 'outcome'],
    },
  ],
  [
    'expression_no_result_total',
    {
      help: 'Expressions without a result (division by zero, a wrong type): the rule did nothing.',
      labelNames: ['rule'],
    },
  ],
  [
    'observations_dropped_total',
    { help: 'Observations that were dropped, by metric and reason.', labelNames: ['metric', 'reason'] },
  ],
  [
    'series_overflow_total',
    {
      help: 'What went to the series __overflow__, since its label set was beyond the limit of the metric.',
      labelNames: ['metric'],
    },
  ],
  [
    'timer_firings_cut_total',
    { help: 'Timer firings beyond the 1,000 of one step, which were cut.', labelNames: ['entity'] },
  ],
]);

/** The system's own metrics, to be rendered after the catalog's; sorted by name. */
export function livemeterFamilies(facts: SystemFacts): Family[] {
  const stats = [...STAT_METRICS].map(([name, metric]) => counterFamily(name, metric, statSamples(facts.stats, name)));
  const { entries, bytes, dropped, added } = facts.quarantine;
  return [
    ...stats,
    counterFamily(
      'quarantine_added_total',
      { help: 'What was set aside in quarantine, by reason.', labelNames: ['reason'] },
      [...added].map(([reason, count]) => sample([reason], count)),
    ),
    gaugeFamily('quarantine_entries', 'What is set aside in quarantine now.', [sample([], entries)]),
    gaugeFamily('quarantine_bytes', 'How large that is.', [sample([], bytes)]),
    counterFamily(
      'quarantine_dropped_total',
      { help: 'Entries of the quarantine that had to go to keep it within its limits.', labelNames: [] },
      [sample([], dropped)],
    ),
    gaugeFamily('backlog_events', 'Events in the queues that are not applied yet.', [sample([], facts.backlogEvents)]),
    gaugeFamily('durable', '1 when Redis keeps what it is given, fsynced before the reply; else 0.', [
      sample([], facts.durable ? 1 : 0),
    ]),
    gaugeFamily('catalog_version', 'Version of the catalog in force: raised with each change.', [
      sample([], facts.catalog.version),
    ]),
    gaugeFamily('catalog_changed_timestamp_seconds', 'When the catalog in force was proposed.', [
      sample([], facts.catalog.changedMs / 1000),
    ]),
    {
      ...gaugeFamily('catalog_info', 'The catalog in force; always 1.', [
        sample([facts.catalog.fingerprint, String(facts.catalog.version)], 1),
      ]),
      labelNames: ['fingerprint', 'version'],
    },
  ].sort((a, b) => compareLabels([a.name], [b.name]));
}

function statSamples(stats: ReadonlyMap<string, number>, name: string): FamilySample[] {
  const prefix = `${name}|`;
  return [...stats]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, count]) => sample(key.slice(prefix.length).split('|'), count));
}

function counterFamily(name: string, metric: StatMetric, samples: readonly FamilySample[]): Family {
  return {
    name: `livemeter_${name}`,
    help: metric.help,
    type: 'counter',
    labelNames: metric.labelNames,
    bounds: [],
    samples: [...samples].sort((a, b) => compareLabels(a.labels, b.labels)),
  };
}

function gaugeFamily(name: string, help: string, samples: readonly FamilySample[]): Family {
  return { name: `livemeter_${name}`, help, type: 'gauge', labelNames: [], bounds: [], samples };
}

function sample(labels: readonly string[], value: number): FamilySample {
  return { labels, value, count: value, buckets: [], createdMs: null };
}
