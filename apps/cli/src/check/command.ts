import type { Command } from 'commander';
import { settingsOf } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { check } from './check.js';

const HELP = `
Every error is told at once, as file:line:column: code: what is wrong — what to do. The exit code is 1 if there is one.

Examples:
  livemeter check                 ./config, or the folder that LIVEMETER_CONFIG names
  livemeter check staging/config  before it is rolled out`;

/** Adds `livemeter check`. */
export function addCheckCommand(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .summary('check the definitions of metrics')
    .description('Checks the metric definitions of a config folder, without running anything.')
    .argument('[dir]', 'the config folder (default: LIVEMETER_CONFIG, else ./config)')
    .addHelpText('after', HELP)
    .action(async (dir: string | undefined) => {
      process.exitCode = await check(dir ?? settingsOf(terminal).configDir, terminal);
    });
}
