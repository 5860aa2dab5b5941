import type { Command } from 'commander';
import { settingsOf } from '../settings.js';
import type { Terminal } from '../terminal.js';

const HELP = `
Ingestion brings what waits on its disk into the archive by itself, as long as it runs. Where it does not run any more, or has
to be stopped (before "livemeter rebuild", say), this does it, and leaves nothing in the folder. Ingestion must not run
meanwhile. It may be broken off and called again: no event is lost or doubled.

Examples:
  livemeter unspool                       the folder of an ingestion that was started here
  livemeter unspool /var/spool/livemeter  another one`;

/** Adds `livemeter unspool`. */
export function addUnspoolCommand(program: Command, terminal: Terminal): void {
  program
    .command('unspool')
    .summary('bring what waits on the disk of ingestion into the archive')
    .description('Writes what waits for the archive on the disk of an ingestion replica into the archive.')
    .argument(
      '[folder...]',
      'folders of spools (default: LIVEMETER_ARCHIVE_SPOOL, else .livemeter/spool/ and the port)',
    )
    .option('--archive <place>', 'a folder or s3://bucket/prefix (default: LIVEMETER_ARCHIVE, else .livemeter/archive)')
    .addHelpText('after', HELP)
    .action(async (folders: readonly string[], { archive }: { readonly archive?: string }) => {
      const settings = settingsOf(terminal);
      const { unspool } = await import('./unspool.js');
      process.exitCode = await unspool({ folders, archive }, settings, terminal);
    });
}
