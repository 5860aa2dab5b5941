import { Command } from 'commander';
import { addBackfillCommand } from './backfill/command.js';
import { addCheckCommand } from './check/command.js';
import { addCompletionCommand } from './completion/command.js';
import { addExplainCommand } from './explain/command.js';
import { projectVersion } from './project.js';
import { addQuarantineCommand } from './quarantine/command.js';
import { addQueryCommand } from './query/command.js';
import { addRebuildCommand } from './rebuild/command.js';
import { addReplayCommand } from './replay/command.js';
import { addSimulateCommand } from './simulate/command.js';
import { addStartCommand } from './start/command.js';
import type { Terminal } from './terminal.js';
import { addTestCommand } from './test/command.js';
import { addTokenCommand } from './token/command.js';
import { addUnspoolCommand } from './unspool/command.js';

const HELP = `
Examples:
  livemeter start --demo             see it work, with a simulated contact center
  livemeter check                    is what stands in ./config right?
  livemeter test                     do its metrics give what their tests want?
  livemeter replay events.ndjson     the metrics that these events give, on a virtual clock
  livemeter explain consumer_wait_seconds --conversation c1 --file events.ndjson   where does that number come from?

Exit codes: 0 good, 1 it found problems, 2 it was used wrongly. "livemeter help start" tells more of a command.`;

/** The whole command line, on a terminal. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('livemeter')
    .description('Exact real-time metrics of a contact center, from its webhooks.')
    .version(projectVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', HELP)
    .showHelpAfterError('(livemeter --help tells what there is)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => void terminal.out(text), writeErr: (text) => terminal.err(text.trimEnd()) });
  addStartCommand(program, terminal);
  addCheckCommand(program, terminal);
  addTestCommand(program, terminal);
  addReplayCommand(program, terminal);
  addExplainCommand(program, terminal);
  addQueryCommand(program, terminal);
  addBackfillCommand(program, terminal);
  addRebuildCommand(program, terminal);
  addUnspoolCommand(program, terminal);
  addSimulateCommand(program);
  addTokenCommand(program, terminal);
  addQuarantineCommand(program, terminal);
  addCompletionCommand(program, terminal);
  return program;
}
