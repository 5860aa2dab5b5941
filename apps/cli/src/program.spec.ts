import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine, type Printed } from '../../../test/support/command-line.js';

const T0 = 1_772_474_400_000;

const CATALOG = `
metrics:
  - name: messages_total
    help: Messages of consumers.
    type: counter
    for: conversation
    on: MessageConsumerEvent
`;

let commands: CommandLine;
let dir: string;

beforeEach(() => {
  commands = new CommandLine();
  dir = commands.dir;
  define('m.yaml', CATALOG);
});

afterEach(() => {
  commands.remove();
});

function define(name: string, text: string): void {
  commands.define(name, text);
}

function livemeter(words: readonly string[], input = ''): Promise<Printed> {
  return commands.run(words, input);
}

function message(at: number): string {
  const commonHeader = {
    accountId: '84731',
    uid: `u${at}`,
    schemaVersion: '1-0-0',
    eventTimestamp: T0 + at,
    eventType: 'MessageConsumerEvent',
  };
  return JSON.stringify({ commonHeader, data: { convDetails: { convId: 'c1' } } });
}

describe('livemeter', () => {
  it('prints its version', async () => {
    expect(await livemeter(['--version'])).toEqual({ out: '0.1.0\n', err: '', code: 0 });
  });

  it('prints help with examples when asked', async () => {
    const { out, code } = await livemeter(['help', 'replay']);
    expect(out).toContain('Examples:\n  livemeter replay events.ndjson\n');
    expect(code).toBe(0);
  });

  it.each([
    { words: ['replya'], want: "error: unknown command 'replya'" },
    { words: ['check', '--fast'], want: "error: unknown option '--fast'" },
    { words: ['replay'], want: "error: missing required argument 'file'" },
    { words: ['replay', '-', '--until', 'soon'], want: '--until "soon" is no time' },
    { words: ['replay', '-', '--format', 'xml'], want: '--format "xml" is none — write prometheus or json' },
    { words: ['replay', '/no/such/file'], want: '/no/such/file cannot be read' },
    { words: ['replay', '/'], want: 'nothing is archived in / for what was asked' },
    { words: ['replay', '-', '--config', '/no/such/dir'], want: 'there is no folder /no/such/dir' },
    { words: ['check', '/no/such/dir'], want: 'there is no folder /no/such/dir' },
    { words: ['test', '/no/such/file'], want: '/no/such/file cannot be read' },
    { words: ['test'], want: './config/metrics holds no tests (*.test.yaml) — write one beside the definitions' },
    { words: ['test', '--config', '/no/such/dir'], want: 'there is no folder /no/such/dir' },
    { words: ['start', 'metric'], want: '"metric" is no app' },
    { words: ['start', 'metrics', '--demo'], want: '--demo needs all apps' },
  ])('$words is wrong use', async ({ words, want }) => {
    const { out, err, code } = await livemeter(words);
    expect(err).toContain(want);
    expect({ out, code }).toEqual({ out: '', code: 2 });
  });
});

describe('livemeter check', () => {
  it('counts what there is', async () => {
    const { out, code } = await livemeter(['check']);
    expect({ out, code }).toEqual({
      out: expect.stringMatching(
        /^1 file, \d+ warnings?: 1 metric, 3 fields of a conversation, 3 fields of an agent, 0 tests\n$/,
      ),
      code: 0,
    });
  });

  it('tells every error of every file, and ends with 1', async () => {
    define(
      'a.yaml',
      'metrics:\n  - name: bad name\n    help: Bad.\n    type: counter\n    for: conversation\n    on: X\n',
    );
    const { out, err, code } = await livemeter(['check', join(dir, 'config')]);
    expect(err).toMatch(/^\.\/config\/metrics\/a\.yaml:2:11: \S+: .* — .*$/m);
    expect(err).toMatch(/^\.\/config\/metrics\/a\.yaml:6:9: \S+: .* — .*$/m);
    expect(out).toMatch(/^2 files, \d+ errors; tests are checked when the definitions are right\n$/);
    expect(code).toBe(1);
  });
});

describe('livemeter replay', () => {
  it('prints the metrics of the catalog, and nothing else', async () => {
    const { out, err, code } = await livemeter(['replay', '-'], `${message(0)}\n\n${message(5)}\r\n`);
    expect(out).toBe(
      [
        '# HELP messages_total Messages of consumers.',
        '# TYPE messages_total counter',
        'messages_total{account_id="84731"} 2',
        '',
      ].join('\n'),
    );
    expect({ err, code }).toEqual({ err: '', code: 0 });
  });

  it('prints JSON, of another config folder', async () => {
    const { out } = await livemeter(['replay', '-', '--config', join(dir, 'config'), '--format', 'json'], message(0));
    expect(JSON.parse(out)).toEqual({
      metrics: [
        {
          name: 'messages_total',
          type: 'counter',
          help: 'Messages of consumers.',
          samples: [{ labels: { account_id: '84731' }, value: 1 }],
        },
      ],
    });
  });

  it('goes on after a line that cannot be used, tells of it, and ends with 1', async () => {
    const { out, err, code } = await livemeter(['replay', '-'], `${message(0)}\noops\n[]\n${message(5)}\n`);
    expect(out).toContain('messages_total{account_id="84731"} 2');
    expect(err).toBe('line 2: is not JSON\n1 problems; the numbers are those of the other events\n');
    expect(code).toBe(1);
  });

  it('does not run a broken catalog', async () => {
    define('a.yaml', 'metrics: 7\n');
    const { out, err, code } = await livemeter(['replay', '-'], message(0));
    expect(err).toContain('the definitions cannot be used:\n./config/metrics/a.yaml:1:');
    expect({ out, code }).toEqual({ out: '', code: 1 });
  });
});
