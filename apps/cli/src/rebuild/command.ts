import type { Command } from 'commander';
import { settingsOf } from '../settings.js';
import type { Terminal } from '../terminal.js';

const HELP = `
State and series are computed anew from all that is archived, with the definitions as they are now. Two uses:

  Redis and its disk are lost: start an empty Redis, rebuild, start the apps. LivePerson sends again what it could not
  deliver meanwhile, and our own absence is nobody's breach.
  A formula was wrong: mend it, stop the apps, rebuild with --replace, start them. What waits in the queues stays there.

Ingestion and metrics app must not run meanwhile; the archive app may, and has to have written all that waits for it. What
waits on the disks of ingestion is brought into the archive by "livemeter unspool".

Examples:
  REDIS_URL=redis://127.0.0.1:6379 livemeter rebuild --archive s3://acme-events/livemeter
  livemeter rebuild --replace`;

interface Flags {
  readonly archive?: string;
  readonly config?: string;
  readonly replace?: boolean;
  readonly withoutSpools?: boolean;
}

/** Adds `livemeter rebuild`. */
export function addRebuildCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('rebuild')
    .summary('compute state and series anew from the archive')
    .description('Computes state and all series in Redis anew, from all that is archived.')
    .option('--archive <place>', 'a folder or s3://bucket/prefix (default: LIVEMETER_ARCHIVE, else .livemeter/archive)')
    .option('--config <dir>', 'the config folder (default: LIVEMETER_CONFIG, else ./config)')
    .option('--replace', 'though there is state: it is removed first')
    .option('--without-spools', 'though events wait on disks, which are not in the archive and so in no number');
  command
    .addHelpText('after', HELP)
    .action(async ({ archive, config, replace = false, withoutSpools = false }: Flags) => {
      const settings = settingsOf(terminal);
      const { rebuild } = await import('./rebuild.js');
      const asked = { archive, configDir: config ?? settings.configDir, replace, withoutSpools };
      process.exitCode = await rebuild(asked, settings, terminal);
    });
}
