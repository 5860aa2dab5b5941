import { Gauge, Histogram, type Registry } from 'prom-client';

/** One replica's own latencies; durations in seconds. What it counts and its CPU and memory are telemetry's. */
export interface ProcessMetrics {
  /** An HTTP request was answered. `route` is the pattern, never the path: label values stay few. */
  observeRequest(request: { method: string; route: string; status: number }, seconds: number): void;
  /** A job of a partition was worked off; its oldest event was received `receivedAgo` before, null if it held none. */
  observeJob(seconds: number, receivedAgo: number | null): void;
  /** One atomic write of a partition's state. */
  observeCommit(seconds: number): void;
  /** How many partitions this replica works. */
  setOwned(partitions: number): void;
}

const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Adds the latencies of a metrics replica to the program's own registry. */
export function createProcessMetrics(registry: Registry): ProcessMetrics {
  const registers = [registry];
  const requests = new Histogram({
    name: 'livemeter_http_request_duration_seconds',
    help: 'From the request to the end of its reply.',
    labelNames: ['method', 'route', 'status'],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const jobs = latency(registers, 'job_duration_seconds', 'Working off one job (a batch) of a partition.');
  const commits = latency(registers, 'commit_duration_seconds', 'One atomic write of a partition to Redis.');
  const delays = latency(registers, 'apply_delay_seconds', "From the receipt of a job's oldest event to its commit.");
  const owned = new Gauge({
    name: 'livemeter_partitions_owned',
    help: 'Partitions that this replica works.',
    registers,
  });
  return {
    observeRequest: ({ method, route, status }, seconds) => {
      requests.observe({ method, route, status: String(status) }, seconds);
    },
    observeJob: (seconds, receivedAgo) => {
      jobs.observe(seconds);
      if (receivedAgo !== null) delays.observe(receivedAgo);
    },
    observeCommit: (seconds) => commits.observe(seconds),
    setOwned: (partitions) => owned.set(partitions),
  };
}

function latency(registers: Registry[], name: string, help: string): Histogram {
  return new Histogram({ name: `livemeter_${name}`, help, buckets: LATENCY_BUCKETS, registers });
}
