import type { Command } from 'commander';
import { loadCatalog } from '../catalog/load.js';
import { linesOf } from '../replay/input.js';
import { untilOf } from '../replay/command.js';
import { ReadMeter } from '../replay/meter.js';
import { settingsOf } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { subjectOf } from './subject.js';
import { explanationJson, explanationText } from './text.js';

const HELP = `
From a file it tells the whole story: each event of the conversation or agent, the own events that it brought, fields
before and after, the values observed, and which conditions were false; then the state, and its part in the metric.
A running system keeps the last five events, the state, the timers and the part in gauges, but no story: that is in
its record.

Examples:
  livemeter explain agent_response_time_seconds --conversation c-1 --file events.ndjson
  livemeter explain ttr_breaches_total --conversation c-1 --file events.ndjson --until 2026-03-02T18:00:00Z
  livemeter explain agent_load_ratio --agent a-1                      from the Redis of REDIS_URL`;

interface Flags {
  readonly conversation?: string;
  readonly agent?: string;
  readonly account?: string;
  readonly file?: string;
  readonly until?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** Adds `livemeter explain`. */
export function addExplainCommand(program: Command, terminal: Terminal): void {
  program
    .command('explain')
    .summary('tell what led to a number')
    .description('Tells which events and which state of a conversation or agent led to the numbers of a metric.')
    .argument('<metric>', 'the metric')
    .option('--conversation <id>', 'the conversation')
    .option('--agent <id>', 'the agent')
    .option('--account <id>', 'its account; only needed where several have the same id')
    .option('--file <file>', 'events, one per line, as for replay; - is standard input (default: the running system)')
    .option('--until <time>', 'of a file: RFC 3339, Unix seconds or milliseconds (default: the time of the last event)')
    .option('--config <dir>', 'the config folder (default: LIVEMETER_CONFIG, else ./config)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async (name: string, flags: Flags) => {
      const settings = settingsOf(terminal);
      const catalog = await loadCatalog(flags.config ?? settings.configDir);
      const subject = subjectOf(catalog, name, flags);
      const { file } = flags;
      const meter = new ReadMeter();
      const story = () => ({
        file: file ?? '',
        lines: linesOf(file ?? '', terminal, meter),
        meter,
        until: untilOf(flags.until),
        settings,
      });
      const explanation =
        file === undefined
          ? await (await import('./from-redis.js')).explainFromRedis(catalog, subject, settings)
          : await (await import('./from-file.js')).explainFromFile(catalog, subject, story(), terminal);
      const render = flags.json === true ? explanationJson : explanationText;
      await terminal.out(render(catalog, subject, explanation));
    });
}
