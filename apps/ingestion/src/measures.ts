import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What became of one event of a delivery. */
export type EventOutcome = 'accepted' | 'quarantined' | 'unknown_type' | 'no_entity';

/** Ingestion's own figures, of this replica. */
export class Measures {
  private readonly requests: Counter;
  private readonly events: Counter;
  private readonly acknowledged: Histogram;
  private readonly paced: Counter;
  /** 1 while Redis keeps what it is given, 0 while it may lose some. */
  readonly durable: Gauge;
  /** Replicas of the master that has the fewest, as last looked at. */
  readonly replicas: Gauge;
  /** Events that wait in Redis for the archive, as last looked at. */
  readonly archiveWaiting: Gauge;
  /** Events that wait in the queues, as last looked at. */
  readonly backlog: Gauge;

  constructor(private readonly registry: Registry) {
    const registers = [registry];
    this.requests = new Counter({
      name: 'livemeter_ingestion_requests_total',
      help: 'Requests for events, by the code of the reply.',
      labelNames: ['code'],
      registers,
    });
    this.events = new Counter({
      name: 'livemeter_ingestion_events_total',
      help: 'Events received, by type ("" when it is not known) and by what became of them.',
      labelNames: ['type', 'outcome'],
      registers,
    });
    this.acknowledged = new Histogram({
      name: 'livemeter_ingestion_ack_seconds',
      help: 'From the head of a request to its 200.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    });
    this.paced = new Counter({
      name: 'livemeter_ingestion_paced_requests_total',
      help: 'Requests whose 200 was held back: their account sends more than its share while much waits.',
      registers,
    });
    const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
    this.durable = gauge('livemeter_durable', '1 while Redis keeps what it is given, 0 while it may lose some.');
    this.replicas = gauge(
      'livemeter_redis_replicas',
      'Replicas that follow the Redis master with the fewest; 0 where none are asked for (LIVEMETER_REDIS_REPLICAS).',
    );
    this.archiveWaiting = gauge(
      'livemeter_archive_waiting_events',
      'Events that wait in Redis for the archive; 0 where none is kept.',
    );
    this.backlog = gauge('livemeter_ingestion_backlog_events', 'Events that wait in the queues.');
  }

  /** Exports whether this replica takes events, as it is when asked. */
  watchReady(ready: () => boolean): void {
    const gauge: Gauge = new Gauge({
      name: 'livemeter_ingestion_ready',
      help: '1 while this replica takes events, else 0.',
      registers: [this.registry],
      collect: () => gauge.set(ready() ? 1 : 0),
    });
  }

  /** Exports how much waits for the archive on the disk of this replica, as it is when asked. */
  watchSpool(waiting: () => number): void {
    const gauge: Gauge = new Gauge({
      name: 'livemeter_archive_spool_events',
      help: 'Events that wait for the archive on the disk of this replica.',
      registers: [this.registry],
      collect: () => gauge.set(waiting()),
    });
  }

  /** One reply; `seconds` since the head of the request arrived. */
  request(code: number, seconds: number): void {
    this.requests.inc({ code });
    if (code === 200) this.acknowledged.observe(seconds);
  }

  /** A 200 was held back. */
  pause(): void {
    this.paced.inc();
  }

  event(type: string, outcome: EventOutcome): void {
    this.events.inc({ type, outcome });
  }
}
