import { Replay } from '@app/engine';
import { collectSamples, renderJson, renderPrometheus } from '@app/exposition';
import type { Catalog } from '@app/language';
import { DEFAULT_PARTITIONS, partitionOf } from '@app/queue';
import type { Settings } from '@app/telemetry';
import { EXIT, type ExitCode } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { inOrder, type Input, merged, type Placed } from './merge.js';
import type { ReadMeter } from './meter.js';
import { Progress } from './progress.js';

/** What is replayed, how it ends and what is printed. */
export interface ReplayOptions {
  readonly catalog: Catalog;
  readonly settings: Pick<Settings, 'holdMs' | 'partitions' | 'personalData'>;
  /** Timers armed up to this instant fire (ms); null: up to the last event's time. */
  readonly until: number | null;
  readonly format: 'prometheus' | 'json';
  /** How much of the input has been read. */
  readonly meter: ReadMeter;
}

/** How many lines with problems are told of one by one; the rest is counted. */
const TOLD = 100;

/**
 * Runs the lines of a file through the engine in virtual time, or those of the records of several ingestion replicas, and
 * prints the catalog metrics that they give.
 */
export async function replay(
  inputs: readonly Input[],
  { catalog, settings, until, format, meter }: ReplayOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { holdMs, partitions, personalData } = settings;
  const engine = new Replay({ catalog, holdMs, partitions: partitions ?? DEFAULT_PARTITIONS, partitionOf });
  const feed = new Feed(engine, terminal, meter);
  const [first, ...others] = inputs;
  if (first === undefined) return EXIT.wrongUse;
  const entries =
    others.length === 0 && first.ofSeveral !== true ? inOrder(first, personalData) : merged(inputs, personalData);
  for await (const placed of entries) await feed.take(placed);
  const { reader, now } = await engine.finish(until);
  feed.conclude();
  const families = collectSamples(catalog, reader, now);
  for await (const chunk of format === 'json' ? renderJson(families) : renderPrometheus(families)) {
    await terminal.out(chunk);
  }
  return feed.problems === 0 ? EXIT.good : EXIT.problems;
}

/** Gives lines to the engine, and keeps account of what could not be given. */
export class Feed {
  problems = 0;
  /** Taken in so far. */
  events = 0;
  private ignored = 0;
  private readonly progress: Progress;

  constructor(
    private readonly engine: Replay,
    private readonly terminal: Terminal,
    meter: ReadMeter,
  ) {
    this.progress = new Progress(terminal, meter);
  }

  /** Says what has not been told of yet. */
  conclude(): void {
    this.progress.done();
    for (const poison of this.engine.poison) this.problem(`an event could not be applied: ${poison.reason}`);
    if (this.problems > TOLD) this.terminal.err(`… and ${this.problems - TOLD} more problems`);
    if (this.ignored > 0) this.terminal.err(`${this.ignored} events are of an unknown type or name nothing: ignored`);
    if (this.problems > 0) this.terminal.err(`${this.problems} problems; the numbers are those of the other events`);
  }

  /** Gives one entry to the engine. */
  async take({ entry, place, at }: Placed): Promise<void> {
    switch (entry.kind) {
      case 'event':
        // An event of a merged record comes once for each entity.
        if (at !== 'agent') this.events += 1;
        if (at !== null) await this.engine.share(entry.event, at);
        else await this.engine.event(entry.event, entry.agentReceivedAt ?? entry.event.receivedAt);
        break;
      case 'outage':
        await this.engine.outage(entry.from, entry.to);
        break;
      case 'ignored':
        this.ignored += 1;
        break;
      case 'problem':
        this.problem(`${place}: ${entry.reason}`);
    }
    this.progress.at(this.events);
  }

  private problem(text: string): void {
    this.problems += 1;
    if (this.problems > TOLD) return;
    this.progress.done();
    this.terminal.err(text);
  }
}
