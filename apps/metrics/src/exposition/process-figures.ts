import type { Telemetry } from '@app/telemetry';
import { AggregatorRegistry, type Registry } from 'prom-client';
import type { Figures } from '../work/worker-messages.js';

/** Whoever has figures of other processes, by the number of the worker. */
interface Workers {
  figures(): Promise<ReadonlyMap<number, Figures>>;
}

/** What this process says of itself, and its workers of themselves, each with the label `worker`. */
export class ProcessFigures {
  constructor(
    private readonly telemetry: Telemetry,
    private readonly workers: Workers | null,
  ) {}

  /** As Prometheus text. A worker that does not answer is missing. */
  async text(): Promise<string> {
    const { registry } = this.telemetry;
    if (this.workers === null) return registry.metrics();
    const [own, others] = await Promise.all([registry.getMetricsAsJSON(), this.workers.figures()]);
    return together(own, others).metrics();
  }
}

/** The figures of all in one registry, each family in one place; none are added up. */
function together(own: Figures, others: ReadonlyMap<number, Figures>): Registry {
  const labelled = [...others].map(([number, figures]) => figures.map((family) => apart(family, String(number))));
  return AggregatorRegistry.aggregate([own.map((family) => apart(family, null)), ...labelled]);
}

/** A family such that the library adds up what has equal labels, of which there is one, and leaves out nothing. */
function apart(family: Figures[number], worker: string | null): Figures[number] {
  const values = family.values.map((value) => (worker === null ? value : withWorker(value, worker)));
  return { ...family, aggregator: 'sum', values };
}

function withWorker(value: Figures[number]['values'][number], worker: string): typeof value {
  return { ...value, labels: { ...value.labels, worker } };
}
