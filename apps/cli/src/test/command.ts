import { compileFolder } from '@app/config';
import type { Command } from 'commander';
import { folderOf } from '../catalog/folder.js';
import { usable } from '../catalog/load.js';
import { EXIT } from '../failure.js';
import { settingsOf } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { Coverage } from './coverage.js';
import { unusableJson } from './report-json.js';
import { readTestFiles } from './test-files.js';
import { runTests } from './run-tests.js';

const HELP = `
A test is a story: events at the times of a clock that begins at 0, and what metrics and states are then to be.

  tests:
    - name: an answer ends the wait
      events:
        - { at: 0s, type: ConversationRequestEvent, conversation: c1 }
        - { at: 1s, type: MessageConsumerEvent, conversation: c1 }
        - { at: 9s, type: MessageAgentEvent, conversation: c1, agent: a1, isAssigned: true }
      expect:
        - { at: 9s, metric: consumer_wait_seconds, samples: [{ labels: { agent_id: a1 }, count: 1, sum: 8 }] }
        - { at: 9s, conversation: c1, state: { waitingSince: null, open: true } }

"samples" is the whole metric, and [] that it is absent. A test that fails tells the story step by step: own events,
fields before and after, values, and which conditions were false. At the end stands what no test exercises: metrics of which
no sample is wanted, own events that never happen, rules that never take effect, conditions that always come to the same.

Examples:
  livemeter test                               all *.test.yaml beside the definitions
  livemeter test config/metrics/ttr.test.yaml
  livemeter test --json                        for programs

The exit code is 1 when a test fails or cannot be read.`;

interface Flags {
  readonly config?: string;
  readonly json?: boolean;
}

/** Adds `livemeter test`. */
export function addTestCommand(program: Command, terminal: Terminal): void {
  program
    .command('test')
    .summary('run the tests of the metrics')
    .description('Runs stories of events against the definitions of metrics, on a virtual clock.')
    .argument('[files...]', 'files of tests (default: every *.test.yaml of the config folder)')
    .option('--config <dir>', 'the config folder (default: LIVEMETER_CONFIG, else ./config)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async (named: readonly string[], flags: Flags) => {
      const configDir = flags.config ?? settingsOf(terminal).configDir;
      const coverage = new Coverage();
      const compiled = compileFolder(await folderOf(configDir), coverage.watch);
      if (flags.json === true && !compiled.ok) {
        await terminal.out(unusableJson(compiled.diagnostics));
        process.exitCode = EXIT.problems;
        return;
      }
      const loaded = usable(compiled);
      const files = await readTestFiles(configDir, named);
      const options = { configDir, loaded, coverage, files, isAll: named.length === 0, json: flags.json === true };
      process.exitCode = await runTests(options, terminal);
    });
}
