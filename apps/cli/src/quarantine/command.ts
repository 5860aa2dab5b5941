import type { Command } from 'commander';
import type { RedisClient } from '@app/redis';
import { EXIT, type ExitCode, Failure } from '../failure.js';
import { settingsOf } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { isNarrow, type Selection, type SelectionFlags, selectionOf } from './selection.js';

const HELP = `
What is not valid, and what made a formula fail, is set aside with its raw bytes and the reason. Once the cause is mended
(sources.yaml, a formula, a newer version), "replay" takes it in again through a running ingestion: it counts as received
then, one that was taken in before is a duplicate, and an entry leaves the quarantine only when it is safely queued.

Examples:
  livemeter quarantine list --reason account-not-allowed --json
  livemeter quarantine show 1764108000000-0
  livemeter quarantine replay 1764108000000-0
  livemeter quarantine replay --reason engine-failure --account 84731
  livemeter quarantine drop --to 2026-03-01T00:00:00Z
  livemeter quarantine types           types that this version does not know, which have lists of their own

It looks into the Redis that REDIS_URL names, else into that of the "livemeter start" of this folder.`;

interface Flags extends SelectionFlags {
  readonly json?: boolean;
  readonly all?: boolean;
}

const EVERYTHING = 1_000_000_000;

/** Adds `livemeter quarantine`. */
export function addQuarantineCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('quarantine')
    .summary('look at what was set aside, replay it or drop it')
    .description('Events that could not be taken or applied: look at them, replay them, drop them.')
    .addHelpText('after', HELP);
  const run = async (use: (redis: RedisClient) => Promise<ExitCode>): Promise<void> => {
    const { withRedis } = await import('./redis.js');
    process.exitCode = await withRedis(settingsOf(terminal), use);
  };
  selecting(command.command('list').description('One line for each entry, the oldest first.'))
    .option('--json', 'one JSON object per line')
    .action((flags: Flags) => {
      const selection = selectionOf([], flags, 100);
      return run(async (redis) => (await import('./look.js')).list(redis, selection, flags.json ?? false, terminal));
    });
  command
    .command('show')
    .description('One entry with its raw bytes.')
    .argument('<id>', 'as "list" tells it')
    .option('--json', 'as one JSON object')
    .action((id: string, flags: Flags) => {
      selectionOf([id], {}, 1);
      return run(async (redis) => (await import('./look.js')).show(redis, id, flags.json ?? false, terminal));
    });
  addActions(command, run, terminal);
  command
    .command('types')
    .description('The types that this version does not know, or the newest events of one.')
    .argument('[type]', 'whose events to show')
    .option('--limit <n>', 'how many events (default: 20)')
    .action((type: string | undefined, flags: Flags) => {
      const { limit } = selectionOf([], flags, 20);
      return run(async (redis) => (await import('./look.js')).types(redis, type ?? null, limit, terminal));
    });
}

function addActions(
  command: Command,
  run: (use: (redis: RedisClient) => Promise<ExitCode>) => Promise<void>,
  terminal: Terminal,
): void {
  selecting(command.command('replay').description('Takes entries in again: these, or all that match.'))
    .argument('[ids...]', 'as "list" tells them')
    .option('--all', 'every entry')
    .option('--json', 'one JSON object per line')
    .action((ids: string[], flags: Flags) => {
      const selection = meant('replay', ids, flags);
      return run(async (redis) => (await import('./act.js')).replay(redis, selection, flags.json ?? false, terminal));
    });
  selecting(command.command('drop').description('Takes entries out for good: these, or all that match.'))
    .argument('[ids...]', 'as "list" tells them')
    .option('--all', 'every entry')
    .action((ids: string[], flags: Flags) => {
      const selection = meant('drop', ids, flags);
      return run(async (redis) => (await import('./act.js')).drop(redis, selection, terminal));
    });
}

function selecting(command: Command): Command {
  return command
    .option('--reason <code>', 'only those set aside for this reason')
    .option('--account <id>', 'only those of this account')
    .option('--source <name>', 'only those that came in there')
    .option('--from <time>', 'only those set aside at or after: RFC 3339, Unix seconds or milliseconds')
    .option('--to <time>', 'only those set aside before')
    .option('--limit <n>', 'at most so many, the oldest');
}

/** Nothing is replayed or dropped by leaving something out. */
function meant(what: string, ids: readonly string[], flags: Flags): Selection {
  const selection = selectionOf(ids, flags, EVERYTHING);
  if (flags.all === true || isNarrow(selection)) return selection;
  throw new Failure(`"quarantine ${what}" wants ids, a filter such as --reason, or --all`, EXIT.wrongUse);
}
