import { Replay } from '@app/engine';
import { collectSamples, OPENMETRICS_END, renderInstant } from '@app/exposition';
import type { Catalog } from '@app/language';
import { DEFAULT_PARTITIONS, partitionOf } from '@app/queue';
import type { Settings } from '@app/telemetry';
import { archiveInput } from '../archive/input.js';
import { loadCatalog } from '../catalog/load.js';
import { EXIT, type ExitCode, Failure } from '../failure.js';
import { merged, type Placed } from '../replay/merge.js';
import { ReadMeter } from '../replay/meter.js';
import { Feed } from '../replay/replay.js';
import type { Terminal } from '../terminal.js';
import { askedText, type Wanted } from './asked.js';
import { BackfillSink } from './sink.js';

/** Computes metrics at instants of the past and writes them down. */
export async function backfill(
  wanted: Wanted,
  { settings, configDir }: { readonly settings: Settings; readonly configDir: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const catalog = await loadCatalog(configDir);
  const shown = onlyOf(catalog, wanted.metrics);
  const meter = new ReadMeter();
  const input = await archiveInput(wanted.archive, wanted.extent, { settings, meter, terminal });
  const { holdMs, personalData } = settings;
  const partitions = settings.partitions ?? DEFAULT_PARTITIONS;
  const engine = new Replay({ catalog, holdMs, partitions, partitionOf });
  const under = { holdMs, personalData, partitions, archive: input.name, catalog: catalog.fingerprint };
  const sink = await BackfillSink.open(wanted.out, askedText(wanted, under));
  if (sink.resumed !== null) terminal.err(`${wanted.out} goes on at ${new Date(sink.resumed).toISOString()}`);
  const instants = new Instants(engine, shown, { sink, wanted });
  const feed = new Feed(engine, terminal, meter);
  for await (const placed of merged([input], personalData)) {
    await instants.before(instantOf(placed));
    if (instants.isDone) break;
    await feed.take(placed);
  }
  await instants.before(Infinity);
  feed.conclude();
  await sink.write(OPENMETRICS_END);
  const bytes = await sink.end();
  terminal.err(`${wanted.out}: ${instants.written} instants, ${bytes} bytes`);
  return feed.problems === 0 ? EXIT.good : EXIT.problems;
}

/** The instants at which values are wanted, one after the other. */
class Instants {
  written = 0;
  private next: number;

  constructor(
    private readonly engine: Replay,
    private readonly catalog: Catalog,
    private readonly to: { readonly sink: BackfillSink; readonly wanted: Wanted },
  ) {
    this.next = to.wanted.from;
  }

  get isDone(): boolean {
    return this.next > this.to.wanted.to;
  }

  /** Writes down all instants before `instant` (ms) that are wanted and not there yet. */
  async before(instant: number): Promise<void> {
    const { sink, wanted } = this.to;
    while (this.next < instant && !this.isDone) {
      const atMs = this.next;
      this.next += wanted.step;
      if (sink.resumed !== null && atMs < sink.resumed) continue;
      const reader = await this.engine.at(atMs);
      const families = collectSamples(this.catalog, reader, atMs);
      for await (const chunk of renderInstant(families, { atMs, described: atMs === wanted.from }))
        await sink.write(chunk);
      this.written += 1;
      await sink.done(this.next);
    }
  }
}

/** The catalog with nothing exported but these. Throws a {@link Failure} for a name that is none. */
function onlyOf(catalog: Catalog, names: readonly string[]): Catalog {
  const exported = new Set(catalog.metrics.filter((metric) => metric.exported).map(({ name }) => name));
  const unknown = names.filter((name) => !exported.has(name));
  if (unknown.length > 0) {
    throw new Failure(
      `there is no metric ${unknown.join(', ')} — docs/reference.md lists those that ship`,
      EXIT.wrongUse,
    );
  }
  return {
    ...catalog,
    metrics: catalog.metrics.map((metric) => ({ ...metric, exported: names.includes(metric.name) })),
  };
}

/** When it was received (ms), as it counts where it goes; what has no instant comes at once. */
function instantOf({ entry }: Placed): number {
  switch (entry.kind) {
    case 'event':
      return entry.event.receivedAt;
    case 'outage':
      return entry.to;
    case 'ignored':
    case 'problem':
      return -Infinity;
  }
}
