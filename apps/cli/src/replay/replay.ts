import { Replay } from '@app/engine';
import { collectSamples, renderJson, renderPrometheus } from '@app/exposition';
import type { Catalog } from '@app/language';
import { DEFAULT_PARTITIONS, partitionOf } from '@app/queue';
import type { Settings } from '@app/telemetry';
import { EXIT, type ExitCode } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { type Entry, LineReader } from './line-reader.js';
import { Progress } from './progress.js';

/** What is replayed, how it ends and what is printed. */
export interface ReplayOptions {
  readonly catalog: Catalog;
  readonly settings: Pick<Settings, 'holdMs' | 'partitions'>;
  /** Timers armed up to this instant fire (ms); null: up to the last event's time. */
  readonly until: number | null;
  readonly format: 'prometheus' | 'json';
}

/** How many lines with problems are told of one by one; the rest is counted. */
const TOLD = 100;

/** Runs lines through the engine in virtual time and prints the catalog metrics that they give. */
export async function replay(
  lines: AsyncIterable<string>,
  { catalog, settings, until, format }: ReplayOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { holdMs, partitions } = settings;
  const engine = new Replay({ catalog, holdMs, partitions: partitions ?? DEFAULT_PARTITIONS, partitionOf });
  const feed = new Feed(engine, terminal);
  for await (const line of lines) await feed.line(line);
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
  private lines = 0;
  private events = 0;
  private ignored = 0;
  private readonly reader = new LineReader();
  private readonly progress: Progress;

  constructor(
    private readonly engine: Replay,
    private readonly terminal: Terminal,
  ) {
    this.progress = new Progress(terminal);
  }

  async line(text: string): Promise<void> {
    this.lines += 1;
    if (text.trim() === '') return;
    for (const entry of this.reader.read(text)) await this.entry(entry);
    this.progress.at(this.events);
  }

  /** Says what has not been told of yet. */
  conclude(): void {
    this.progress.done();
    for (const poison of this.engine.poison) this.problem(`an event could not be applied: ${poison.reason}`);
    if (this.problems > TOLD) this.terminal.err(`… and ${this.problems - TOLD} more problems`);
    if (this.ignored > 0) this.terminal.err(`${this.ignored} events are of an unknown type or name nothing: ignored`);
    if (this.problems > 0) this.terminal.err(`${this.problems} problems; the numbers are those of the other events`);
  }

  private async entry(entry: Entry): Promise<void> {
    switch (entry.kind) {
      case 'event':
        this.events += 1;
        return this.engine.event(entry.event, entry.agentReceivedAt ?? entry.event.receivedAt);
      case 'outage':
        return this.engine.outage(entry.from, entry.to);
      case 'ignored':
        this.ignored += 1;
        return;
      case 'problem':
        this.problem(`line ${this.lines}: ${entry.reason}`);
    }
  }

  private problem(text: string): void {
    this.problems += 1;
    if (this.problems > TOLD) return;
    this.progress.done();
    this.terminal.err(text);
  }
}
