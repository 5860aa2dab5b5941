import { type Service, Supervisor } from './supervisor.js';

/** Programs that run together, in layers: each layer needs those before it, and is stopped before them. */
export class Layers {
  readonly #layers: Supervisor[][] = [];
  #stopping = false;

  constructor(private readonly report: (line: string) => void) {}

  /** Starts these programs side by side, on top of what runs; resolves when all are ready. */
  async add(services: readonly Service[]): Promise<void> {
    if (this.#stopping) throw new Error('stopping');
    const layer = services.map((service) => new Supervisor(service, this.report));
    this.#layers.push(layer);
    await Promise.all(layer.map((supervisor) => supervisor.start()));
  }

  /** Stops everything, the last layer first. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const layer of this.#layers.toReversed()) await Promise.all(layer.map((supervisor) => supervisor.stop()));
  }
}
