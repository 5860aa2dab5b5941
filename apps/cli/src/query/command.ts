import { type Command, Option } from 'commander';
import { type ArchiveFlags, extentOf, ofArchive } from '../archive/flags.js';
import { settingsOf } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { FORMATS, type QueryFormat } from './query.js';

const HELP = `
The table "events" has a row for each event, the first time that it was received; "receipts" has one for all that came,
kinds event, unknown, quarantined, ignored and outage. docs/archive.md tells the columns and has more examples. Times are
in UTC. The SQL is DuckDB's. - reads it from standard input.

Examples:
  livemeter query "SELECT type, count(*) FROM events GROUP BY ALL ORDER BY 2 DESC"
  livemeter query --from 2026-03-01 --to 2026-03-07 "SELECT date_trunc('hour', event_time) AS hour, count(*) AS messages
    FROM events WHERE type LIKE 'Message%' GROUP BY ALL ORDER BY 1"
  livemeter query --format csv "SELECT * FROM events WHERE conversation_id = 'c1' ORDER BY event_time" > c1.csv`;

/** Adds `livemeter query`. */
export function addQueryCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('query')
    .summary('ask the archive in SQL')
    .description('Asks the archive of all that was received, in SQL.')
    .argument('<sql>', 'what to ask; - reads it from standard input');
  ofArchive(command)
    .option('--from <date>', 'only what was received on this date or after it, in UTC: other files are not opened')
    .option('--to <date>', 'only what was received on this date or before it')
    .addOption(new Option('--format <format>', 'how to print').choices([...FORMATS]).default('table'))
    .addHelpText('after', HELP)
    .action(async (sql: string, flags: ArchiveFlags & { readonly format: QueryFormat }) => {
      const extent = extentOf(flags);
      const { query } = await import('./run.js');
      const asked = { sql, archive: flags.archive, extent, format: flags.format };
      process.exitCode = await query(asked, settingsOf(terminal), terminal);
    });
}
