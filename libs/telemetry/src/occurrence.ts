/**
 * One kind of thing that happens in operation. Reporting it ({@link Telemetry.report}) counts it and logs it with the
 * same fields.
 */
export interface Occurrence<L extends string> {
  /** Its counter; ends in `_total`. */
  readonly metric: string;
  readonly help: string;
  /** Fields that are labels of the counter; their values are few. Every other field goes to the log only. */
  readonly labels: readonly L[];
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  /** At most one log line per label set in this time (ms); 0 logs each. */
  readonly quietMs: number;
}

function occurrence<const L extends string>(declared: Occurrence<L>): Occurrence<L> {
  return declared;
}

/** Everything that is reported, by name. New ones are added here, so that this list is the whole of it. */
export const OCCURRENCES = {
  tooManyRequests: occurrence({
    metric: 'livemeter_rate_limited_total',
    help: 'Requests answered 429: their source sent faster than sources.yaml lets it.',
    labels: ['source'],
    level: 'warn',
    message: 'a request was refused: its source sends faster than maxRequestsPerSecond in sources.yaml',
    quietMs: 10_000,
  }),
  authenticationFailed: occurrence({
    metric: 'livemeter_authentication_failures_total',
    help: 'Requests answered 401.',
    labels: ['source'],
    level: 'warn',
    message: 'a request was refused: no credential of its source matches',
    quietMs: 1_000,
  }),
  accessRefused: occurrence({
    metric: 'livemeter_access_refusals_total',
    help: 'Requests to the metrics app refused for want of a token: 401, 403 or 429, by code.',
    labels: ['code'],
    level: 'warn',
    message: 'a request was refused: it has no token that allows it',
    quietMs: 1_000,
  }),
  reloaded: occurrence({
    metric: 'livemeter_reloads_total',
    help: 'Files of sources, tokens or certificates that were read anew and taken over, by which.',
    labels: ['what'],
    level: 'info',
    message: 'changed files were read anew and are in force',
    quietMs: 0,
  }),
  reloadRefused: occurrence({
    metric: 'livemeter_reload_failures_total',
    help: 'Changed files of sources, tokens or certificates that were refused because something in them is wrong, by which.',
    labels: ['what'],
    level: 'error',
    message: 'changed files are wrong and were not taken over; the former ones stay in force',
    quietMs: 0,
  }),
  quarantined: occurrence({
    metric: 'livemeter_quarantined_total',
    help: 'Events set aside by this replica, by reason.',
    labels: ['source', 'reason'],
    level: 'warn',
    message: 'an event was set aside in quarantine',
    quietMs: 1_000,
  }),
  quarantineDropped: occurrence({
    metric: 'livemeter_quarantine_displaced_total',
    help: 'Older entries of the quarantine that had to go for those that this replica set aside.',
    labels: [],
    level: 'error',
    message: 'the quarantine is full: its oldest events are gone',
    quietMs: 60_000,
  }),
  replayed: occurrence({
    metric: 'livemeter_quarantine_replayed_total',
    help: 'Entries of the quarantine that this replica was asked to replay, by result: queued, failed or gone.',
    labels: ['result'],
    level: 'info',
    message: 'an entry of the quarantine was to be replayed',
    quietMs: 1_000,
  }),
  unknownType: occurrence({
    metric: 'livemeter_unknown_type_events_total',
    help: 'Events of a type that is not known, kept in a list of their own, by type.',
    labels: ['source', 'type'],
    level: 'info',
    message: 'an event of an unknown type was kept aside',
    quietMs: 60_000,
  }),
  warnedEvent: occurrence({
    metric: 'livemeter_event_warnings_total',
    help: 'Accepted events in which something was unexpected, by what.',
    labels: ['source', 'warning'],
    level: 'warn',
    message: 'an accepted event holds something unexpected',
    quietMs: 60_000,
  }),
  refused: occurrence({
    metric: 'livemeter_refused_total',
    help: 'Requests answered 503, by reason.',
    labels: ['reason'],
    level: 'warn',
    message: 'a request was answered 503',
    quietMs: 1_000,
  }),
  outage: occurrence({
    metric: 'livemeter_ingestion_outages_total',
    help: 'Stretches with no ingestion replica ready that this replica found and put into the queues.',
    labels: [],
    level: 'warn',
    message: 'no ingestion replica was ready for a while; no timer fires for that time',
    quietMs: 0,
  }),
  recordFailed: occurrence({
    metric: 'livemeter_record_failures_total',
    help: 'Failed writes to the record (LIVEMETER_RECORD).',
    labels: [],
    level: 'error',
    message: 'the record cannot be written; requests are answered 503 until it can',
    quietMs: 1_000,
  }),
  archiveSpooling: occurrence({
    metric: 'livemeter_archive_spooled_total',
    help: 'Events that had to wait on the disk of ingestion for the archive, since too many wait in Redis.',
    labels: [],
    level: 'warn',
    message: 'the archive is behind: what is received waits on the disk of ingestion until there is room in Redis',
    quietMs: 60_000,
  }),
  spoolFailed: occurrence({
    metric: 'livemeter_archive_spool_failures_total',
    help: 'Failed writes to the folder of what waits for the archive (LIVEMETER_ARCHIVE_SPOOL).',
    labels: [],
    level: 'error',
    message: 'what waits for the archive cannot be kept on disk; it goes to Redis as long as that has room',
    quietMs: 10_000,
  }),
  archiveFailed: occurrence({
    metric: 'livemeter_archive_failures_total',
    help: 'Attempts to write to the archive, or to keep it in shape, that failed, by what was being done.',
    labels: ['during'],
    level: 'error',
    message: 'the archive cannot be written; it is tried again, and what is received waits',
    quietMs: 10_000,
  }),
  redisTrouble: occurrence({
    metric: 'livemeter_redis_errors_total',
    help: 'Errors of Redis or of the connection to it, by what was being done.',
    labels: ['during'],
    level: 'error',
    message: 'Redis failed; it is tried again',
    quietMs: 5_000,
  }),
  notDurable: occurrence({
    metric: 'livemeter_durability_failures_total',
    help: 'Checks that found Redis not keeping what it is given.',
    labels: [],
    level: 'error',
    message: 'Redis may lose what it acknowledged',
    quietMs: 0,
  }),
  leaseTaken: occurrence({
    metric: 'livemeter_leases_taken_total',
    help: 'Partitions that this replica took over.',
    labels: [],
    level: 'info',
    message: 'this replica works the partition from now on',
    quietMs: 0,
  }),
  leaseLost: occurrence({
    metric: 'livemeter_leases_lost_total',
    help: 'Partitions whose lease this replica lost without giving it up.',
    labels: [],
    level: 'warn',
    message: 'this replica lost the lease of the partition',
    quietMs: 0,
  }),
  workerEnded: occurrence({
    metric: 'livemeter_worker_ends_total',
    help: 'Worker processes of this metrics app that ended unasked, by their number.',
    labels: ['worker'],
    level: 'error',
    message: 'a worker process has ended unasked; it is started again, and others work its partitions',
    quietMs: 0,
  }),
  poisoned: occurrence({
    metric: 'livemeter_poisoned_total',
    help: 'Events that could not be applied and were set aside by this replica.',
    labels: ['reason'],
    level: 'error',
    message: 'an event could not be applied and was set aside in quarantine',
    quietMs: 1_000,
  }),
  catalogChanged: occurrence({
    metric: 'livemeter_catalog_changes_total',
    help: 'Catalogs that came into force.',
    labels: [],
    level: 'info',
    message: 'another catalog is in force',
    quietMs: 0,
  }),
  catalogRefused: occurrence({
    metric: 'livemeter_catalog_refusals_total',
    help: 'Changes of the config folder that were refused whole, because something in them is wrong.',
    labels: [],
    level: 'error',
    message: 'the changed config folder is refused; the catalog in force stays',
    quietMs: 0,
  }),
  requestFailed: occurrence({
    metric: 'livemeter_request_failures_total',
    help: 'Requests that ended in an unexpected error.',
    labels: [],
    level: 'error',
    message: 'a request failed unexpectedly',
    quietMs: 1_000,
  }),
} as const;
