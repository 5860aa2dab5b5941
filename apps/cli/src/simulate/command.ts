import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import * as argument from './argument.js';
import type { Fact } from './center/fact.js';
import { HOLD_MS } from './delivery.js';
import { simulateToFile } from './file.js';
import { LiveRun } from './live.js';
import {
  centerOf,
  disorderOf,
  FILE_DURATION_MS,
  fileStart,
  liveStart,
  type SimulateOptions,
  SIZES,
} from './options.js';
import { progressOf, reportOf, summaryOf } from './report.js';
import type { Tally } from './sender.js';
import { loadSubscriptions, onlySubscription, type Subscription } from './subscriptions.js';
import { REST_MS, Truth } from './truth/truth.js';

const SHIPPED_SUBSCRIPTIONS = 'config/simulator.yaml';

const PROGRESS_EVERY_MS = 5_000;

/** One Ctrl-C comes twice when a package runner stands between: from the terminal and from the runner (ms). */
const SAME_SIGNAL_MS = 500;

const EXAMPLES = `
Examples:
  $ livemeter simulate                                    a center of 20 agents, sent as it happens, until Ctrl-C
  $ livemeter simulate --agents 12 --tempo 10 --sla 100s  everything ten times as fast, deadlines of 10 s: a lively show
  $ livemeter simulate --out f.ndjson --seed 7            ten minutes for "livemeter replay f.ndjson"
  $ livemeter simulate --out f.ndjson --seed 7 --shuffle --duplicates 20%   the same events, as a network brings them

The same seed, start and options give the same bytes; --shuffle and --duplicates never change the events themselves.`;

/** Adds `simulate`: a contact center that sends its webhooks, or writes them to a file. */
export function addSimulateCommand(program: Command): void {
  const command = program
    .command('simulate')
    .description('simulate a contact center: send its LivePerson webhooks, or write them to a file')
    .addHelpText('after', EXAMPLES);
  for (const option of [...centerOptions(), ...sendingOptions(), ...fileOptions()]) command.addOption(option);
  command.action(async (options: SimulateOptions) => {
    // What is said goes where the program's own messages go.
    const say = (line: string): void => command.configureOutput().writeErr?.(`simulate: ${line}\n`);
    if (options.out !== undefined) say(await write(options.out, options, say));
    else await send(options, command, say);
  });
}

function centerOptions(): Option[] {
  return [
    new Option('--size <brand>', 'a brand with the hours of a day, shifts and skills, instead of --agents and --rate')
      .choices(Object.keys(SIZES))
      .conflicts(['agents', 'rate']),
    new Option('--scale <x>', 'that much of the brand: of its agents and of its conversations')
      .default(1)
      .argParser(argument.parsePositive),
    new Option('--agents <n>', 'agents and managers').default(20).argParser(argument.parseCount),
    new Option(
      '--rate <n>',
      'new conversations per minute (default: agents × tempo / 5, which keeps them busy)',
    ).argParser(argument.parsePositive),
    new Option('--tempo <x>', 'shorten human times by this factor; snapshots stay at 30 s')
      .default(1)
      .argParser(argument.parsePositive),
    new Option('--sla <duration>', 'from a message to its deadline, before --tempo')
      .default(FILE_DURATION_MS, '10m')
      .argParser(argument.parseDuration),
    new Option('--seed <n>', 'another seed is another day').default(1).argParser(argument.parseSeed),
    new Option('--account <id>', 'the LivePerson account').default('84731'),
    new Option('--start <time>', 'when it begins, RFC 3339 (default: now; with --out the last full hour)').argParser(
      argument.parseInstant,
    ),
    new Option('--duration <duration>', 'how long it goes on (default: until Ctrl-C; with --out 10m)').argParser(
      argument.parseDuration,
    ),
    new Option('--shuffle [ms]', 'deliver each event up to so long after its time (200 without a value)').argParser(
      argument.parseMilliseconds,
    ),
    new Option('--duplicates <share>', 'deliver this share a second time, such as 20%').argParser(argument.parseShare),
  ];
}

function sendingOptions(): Option[] {
  return [
    new Option('--url <address>', 'where to send')
      .default(new URL('http://127.0.0.1:8420/v1/events/liveperson'), 'http://127.0.0.1:8420/v1/events/liveperson')
      .argParser(argument.parseAddress),
    new Option('--key <key>', 'the key of LP Signature; better given by the environment').env('LP_KEY'),
    new Option(
      '--subscriptions [file]',
      `to whom, what and in whose name, from a file (${SHIPPED_SUBSCRIPTIONS} without a value) instead of --url and --key`,
    ).conflicts('url'),
    new Option('--speed <x>', 'seconds of the events per second').default(1).argParser(argument.parsePositive),
    new Option('--concurrency <n>', 'requests at a time').default(32).argParser(argument.parseCount),
    new Option('--retention <duration>', 'how long an event that is not taken is tried again, of simulated time')
      .default(259_200_000, '3d')
      .argParser(argument.parseDuration),
    new Option(
      '--overtake-after <duration>',
      'a new event waits so long for stored ones of its conversation, or goes behind all of them: never',
    )
      .default(4_000, '4s')
      .argParser(argument.parseWait),
    new Option('--late-answers <share>', 'so many good answers count as too late: what was stored is sent again')
      .default(0)
      .argParser(argument.parseShare),
    new Option('--report', 'print what became of the deliveries as JSON on standard output, at the end'),
  ];
}

function fileOptions(): Option[] {
  return [
    new Option('--out <file>', 'write raw bodies, one per line, and send nothing').conflicts([
      'url',
      'subscriptions',
      'speed',
      'concurrency',
      'report',
      'lateAnswers',
    ]),
    new Option('--close', 'close the center at the end of the file, as a live run does'),
    new Option('--truth <file>', 'write what the shipped metrics must be, in the text format of Prometheus'),
  ];
}

type Say = (line: string) => void;

async function write(path: string, options: SimulateOptions, say: Say): Promise<string> {
  const durationMs = options.duration ?? FILE_DURATION_MS;
  const startMs = options.start ?? fileStart(Date.now(), durationMs);
  const disorder = disorderOf(options);
  if (disorder.shuffleMs > HOLD_MS) say(`shuffled by more than the default hold of ${HOLD_MS} ms: events will be late`);
  const center = centerOf(options, startMs);
  const truth = new Truth();
  const isClosing = options.close === true;
  const witness = (fact: Fact): void => truth.take(fact);
  const settings = { center, disorder, accountId: options.account, durationMs, isClosing, witness };
  const lines = await simulateToFile(path, settings);
  if (options.truth !== undefined) {
    const atMs = startMs + durationMs + (isClosing ? REST_MS : 0);
    writeTruth(options, truth, atMs, say);
  }
  return `${lines} events, ${instant(startMs)} to ${instant(startMs + durationMs)}, written to ${path}`;
}

async function send(options: SimulateOptions, command: Command, say: Say): Promise<void> {
  const { account: accountId, speed } = options;
  const durationMs = options.duration ?? Infinity;
  const startMs = options.start ?? liveStart(Date.now(), durationMs, speed);
  if (startMs === null) {
    command.error('error: --speed above 1 runs into the future; give --start or --duration', { exitCode: 2 });
  }
  const subscriptions = subscriptionsOf(options, say);
  const truth = new Truth();
  const run = new LiveRun({
    center: centerOf(options, startMs),
    disorder: disorderOf(options),
    accountId,
    subscriptions,
    durationMs,
    speed,
    policy: { concurrency: options.concurrency, retentionMs: options.retention, overtakeMs: options.overtakeAfter },
    lateAnswers: options.lateAnswers,
    witness: (fact) => truth.take(fact),
  });
  const addresses = subscriptions.map(({ url }) => url.href).join(', ');
  say(`${centerOf(options, startMs).agents} agents, account ${accountId}, to ${addresses}; Ctrl-C ends it`);
  const startedAt = Date.now();
  const tally = await watch(run, say);
  if (options.report === true) command.configureOutput().writeOut?.(`${reportOf(tally, Date.now() - startedAt)}\n`);
  writeTruth(options, truth, run.lastEventAt + REST_MS, say);
}

function subscriptionsOf({ subscriptions: file, url, key }: SimulateOptions, say: Say): Subscription[] {
  if (file !== undefined) return loadSubscriptions(file === true ? SHIPPED_SUBSCRIPTIONS : file, process.env);
  if (key === undefined || key === '') say('no key (LP_KEY): sending unsigned');
  return [onlySubscription(url, key === undefined || key === '' ? null : key)];
}

function writeTruth({ truth: path, account }: SimulateOptions, truth: Truth, atMs: number, say: Say): void {
  if (path === undefined) return;
  writeFileSync(path, `${truth.lines(atMs, account).join('\n')}\n`);
  say(`the truth at ${instant(atMs)} is in ${path}`);
}

/** Reports on the run until it ends; the first signal closes the center, a second one gives up. */
async function watch(run: LiveRun, say: Say): Promise<Tally> {
  const startedAt = Date.now();
  let before = run.tally;
  const progress = setInterval(() => {
    const tally = run.tally;
    say(progressOf(tally, before, PROGRESS_EVERY_MS));
    before = tally;
  }, PROGRESS_EVERY_MS);
  let stoppedAt: number | null = null;
  const onSignal = (): void => {
    if (stoppedAt === null) {
      stoppedAt = Date.now();
      say('closing; once more to give up');
      run.stop();
    } else if (Date.now() - stoppedAt > SAME_SIGNAL_MS) {
      process.exit(130);
    }
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const tally = await run.done;
  process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  clearInterval(progress);
  say(summaryOf(tally, Date.now() - startedAt));
  if (tally.pending + tally.lost > 0) process.exitCode = 1;
  return tally;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
