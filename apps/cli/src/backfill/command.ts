import { type Command, InvalidArgumentError } from 'commander';
import { type ArchiveFlags, extentOf, instantOf, ofArchive } from '../archive/flags.js';
import { EXIT, Failure } from '../failure.js';
import { settingsOf } from '../settings.js';
import type { Terminal } from '../terminal.js';

const HELP = `
What the archive holds runs through the engine on a virtual clock, from its beginning, so that each value is what a running
system would have shown. The file is OpenMetrics with the time of each value; Prometheus imports it:

  livemeter backfill --metric my_metric --from 2026-03-01 --to 2026-03-08 --step 1m
  promtool tsdb create-blocks-from openmetrics my_metric.openmetrics /path/to/prometheus/data

A run that was interrupted goes on where it was when it is asked for the same again: what lies before is computed anew,
since the engine needs it, and nothing is written twice. Give each step what Prometheus scrapes in (a minute, say).`;

interface Flags extends ArchiveFlags {
  readonly metric: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly step: number;
  readonly out?: string;
  readonly config?: string;
}

/** Adds `livemeter backfill`. */
export function addBackfillCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('backfill')
    .summary('compute metrics over what is archived, for Prometheus')
    .description('Computes what metrics were in the past, from the archive, as a file that Prometheus imports.')
    .requiredOption('--metric <name...>', 'which metrics, by name')
    .requiredOption('--from <time>', 'the first instant: a date, RFC 3339, Unix seconds or milliseconds')
    .requiredOption('--to <time>', 'the last instant')
    .option('--step <duration>', 'between two instants: 15s, 1m, 1h', stepOf, 60_000)
    .option('--out <file>', 'where to write (default: the first metric and .openmetrics)')
    .option('--config <dir>', 'the config folder (default: LIVEMETER_CONFIG, else ./config)');
  ofArchive(command)
    .addHelpText('after', HELP)
    .action(async (flags: Flags) => {
      const [from, to] = [instantOf('--from', flags.from), instantOf('--to', flags.to)];
      if (from > to) throw new Failure('--from is after --to', EXIT.wrongUse);
      const settings = settingsOf(terminal);
      const { account, archive, metric, step, config, out = `${metric[0]}.openmetrics` } = flags;
      // All before the first instant counts, too.
      const extent = extentOf({ ...(account === undefined ? {} : { account }), to: String(to) });
      const { backfill } = await import('./backfill.js');
      const wanted = { metrics: metric, from, to, step, out, archive, extent };
      process.exitCode = await backfill(wanted, { settings, configDir: config ?? settings.configDir }, terminal);
    });
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function stepOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS[unit] ?? 0);
  if (ms > 0) return ms;
  throw new InvalidArgumentError('write a number and a unit, such as 15s, 1m or 1h');
}
