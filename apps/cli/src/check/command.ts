import type { Command } from 'commander';
import { settingsOf } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { check } from './check.js';

const HELP = `
Checks the definitions of metrics with their tables and tests (*.test.yaml), and sources.yaml. Every error is told at
once, as file:line:column: code: what is wrong — what to do; a warning begins with "warning: ".

Examples:
  livemeter check                 ./config, or the folder that LIVEMETER_CONFIG names
  livemeter check staging/config  before it is rolled out
  livemeter check --json          for programs

The exit code is 1 when there is an error; a warning is none. It is 2 when there is no such folder.`;

/** Adds `livemeter check`. */
export function addCheckCommand(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .summary('check the definitions of metrics')
    .description('Checks the files of a config folder, without running anything.')
    .argument('[dir]', 'the config folder (default: LIVEMETER_CONFIG, else ./config)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async (dir: string | undefined, { json }: { readonly json?: boolean }) => {
      const configDir = dir ?? settingsOf(terminal).configDir;
      process.exitCode = await check({ configDir, json: json === true }, terminal);
    });
}
