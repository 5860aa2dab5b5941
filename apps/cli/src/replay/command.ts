import type { Command } from 'commander';
import { isArchive } from '../archive/is-archive.js';
import { loadCatalog } from '../catalog/load.js';
import { EXIT, Failure } from '../failure.js';
import { settingsOf } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { linesOf } from './input.js';
import { parseInstant } from './instant.js';
import type { Input } from './merge.js';
import { ReadMeter } from './meter.js';
import type { ReplayOptions } from './replay.js';

const HELP = `
A line is a webhook's body as it was sent, one event or an array of them, received at the greatest event time so far; or
a line of the record that ingestion writes to LIVEMETER_RECORD. The clock is virtual: a day takes seconds, and the same
lines give the same bytes. At the end what is held is released, and timers armed up to --until fire. Of several ingestion
replicas each writes a record; give all of them, and they are merged in the order of the queues. An archive, a folder or
s3://bucket/prefix, holds what all replicas received.

Examples:
  livemeter replay events.ndjson
  livemeter replay record-1.ndjson record-2.ndjson
  livemeter replay events.ndjson --until 2026-03-02T18:00:00Z --format json
  livemeter replay .livemeter/archive
  livemeter simulate --out /dev/stdout --duration 1h | livemeter replay -

A line that cannot be used is reported with its number, the rest goes on, and the exit code is 1.`;

interface Flags {
  readonly config?: string;
  readonly until?: string;
  readonly format: string;
}

/** Adds `livemeter replay`. */
export function addReplayCommand(program: Command, terminal: Terminal): void {
  program
    .command('replay')
    .summary('print the metrics that a file of events gives')
    .description('Runs events through the engine on a virtual clock and prints the metrics of the catalog.')
    .argument('<file...>', 'events, one per line; - is standard input; several are records to be merged; or an archive')
    .option('--config <dir>', 'the config folder (default: LIVEMETER_CONFIG, else ./config)')
    .option('--until <time>', 'RFC 3339, Unix seconds or milliseconds (default: the time of the last event)')
    .option('--format <format>', 'prometheus or json', 'prometheus')
    .addHelpText('after', HELP)
    .action(async (files: readonly string[], flags: Flags) => {
      const settings = settingsOf(terminal);
      const ending = { until: untilOf(flags.until), format: formatOf(flags.format) };
      const catalog = await loadCatalog(flags.config ?? settings.configDir);
      const meter = new ReadMeter();
      const inputOf = async (name: string): Promise<Input> => {
        if (!(await isArchive(name))) return { name, lines: linesOf(name, terminal, meter) };
        const { archiveInput } = await import('../archive/input.js');
        return archiveInput(name, {}, { settings, meter, terminal });
      };
      const inputs = await Promise.all(files.map(inputOf));
      const { replay } = await import('./replay.js');
      process.exitCode = await replay(inputs, { catalog, settings, meter, ...ending }, terminal);
    });
}

/** The instant of `--until` (ms), or null. Throws a {@link Failure} when it is none. */
export function untilOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const instant = parseInstant(text);
  if (instant !== null) return instant;
  const remedy = 'write it like 2026-03-02T18:00:00Z, or as Unix seconds or milliseconds';
  throw new Failure(`--until "${text}" is no time — ${remedy}`, EXIT.wrongUse);
}

function formatOf(text: string): ReplayOptions['format'] {
  if (text === 'prometheus' || text === 'json') return text;
  throw new Failure(`--format "${text}" is none — write prometheus or json`, EXIT.wrongUse);
}
