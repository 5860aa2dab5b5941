import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../../../../test/support/command-line.js';

const DEFINITIONS = `metrics:
  - { name: known, help: K., type: gauge, over: agent }
`;

const TESTS = `tests:
  - name: an agent is known
    events: [{ at: 0s, type: AgentSnapshotEvent, agent: a1 }]
    expect: [{ at: 1s, metric: known, samples: [{ value: 1 }] }]
`;

let commands: CommandLine;

beforeEach(() => {
  commands = new CommandLine();
  commands.define('m.yaml', DEFINITIONS);
});

afterEach(() => {
  commands.remove();
});

function sources(text: string): void {
  writeFileSync(join(commands.dir, 'config', 'sources.yaml'), text);
}

describe('livemeter check', () => {
  it('says that all is well', async () => {
    commands.define('m.test.yaml', TESTS);
    sources('sources: { lp: { type: liveperson } }\n');
    expect(await commands.run(['check'])).toEqual({
      out: '3 files, 0 warnings: 1 metric, 3 fields of a conversation, 3 fields of an agent, 1 test\n',
      err: '',
      code: 0,
    });
  });

  it('warns of a metric without a test, which is no error', async () => {
    expect(await commands.run(['check'])).toEqual({
      out: '1 file, 1 warning: 1 metric, 3 fields of a conversation, 3 fields of an agent, 0 tests\n',
      err: 'warning: ./config/metrics/m.yaml:2:13: untested: no test wants a sample of "known" — tell a story with it in a *.test.yaml beside the definitions\n',
      code: 0,
    });
  });

  it('finds what is wrong in tests and in sources.yaml, too', async () => {
    commands.define('m.test.yaml', TESTS.replace('metric: known', 'metric: know'));
    sources('sources:\n  lp:\n    type: liveperson\n    credential: []\n    accounts: []\n');
    expect(await commands.run(['check'])).toEqual({
      out: '3 files, 3 errors\n',
      err: [
        './config/metrics/m.test.yaml:4:32: unknown-name: there is no metric "know" — did you mean "known"?',
        './config/sources.yaml:4:5: unknown-key: "credential" has no meaning here — did you mean "credentials"?',
        './config/sources.yaml:5:15: invalid-value: "sources.lp.accounts": an empty list would let no account in — leave the key out to let in any',
        '',
      ].join('\n'),
      code: 1,
    });
  });

  it('tells errors of definitions and of sources.yaml at once, and does not look at tests', async () => {
    commands.define('m.yaml', DEFINITIONS.replace('agent }', 'agents }'));
    commands.define('m.test.yaml', 'tests: 7\n');
    sources('sources: [\n');
    const { out, err, code } = await commands.run(['check']);
    expect(err).toMatch(
      /^\.\/config\/metrics\/m\.yaml:2:\d+: [a-z-]+: .* — .*\n\.\/config\/sources\.yaml:2:1: yaml-syntax: /,
    );
    expect(out).toBe('3 files, 2 errors; tests are checked when the definitions are right\n');
    expect(code).toBe(1);
  });

  it('prints JSON', async () => {
    sources('source: {}\n');
    const { out, err, code } = await commands.run(['check', '--json']);
    expect(JSON.parse(out)).toEqual({
      files: 2,
      errors: 2,
      warnings: 1,
      metrics: 1,
      tests: 0,
      diagnostics: [
        {
          severity: 'error',
          file: './config/sources.yaml',
          line: 1,
          col: 1,
          code: 'missing-key',
          message: '"sources" is missing',
          remedy: 'add it',
        },
        expect.objectContaining({ severity: 'error', code: 'unknown-key', line: 1, col: 1 }),
        expect.objectContaining({ severity: 'warning', code: 'untested', line: 2, col: 13 }),
      ],
    });
    expect({ err, code }).toEqual({ err: '', code: 1 });
  });

  it('finds what is wrong in packs.yaml, beside the rest', async () => {
    writeFileSync(join(commands.dir, 'config', 'packs.yaml'), 'off: [n]\n');
    sources('sources: [\n');
    const { out, err, code } = await commands.run(['check']);
    expect(err).toMatch(
      /^\.\/config\/packs\.yaml:1:7: unknown-name: there is no pack "n" — .*\n\.\/config\/sources\.yaml:2:1: yaml-syntax: /,
    );
    expect(out).toBe('2 files, 2 errors; tests are checked when the definitions are right\n');
    expect(code).toBe(1);
    const json = await commands.run(['check', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      errors: 2,
      diagnostics: [{ severity: 'error', file: './config/packs.yaml', line: 1, col: 7, code: 'unknown-name' }, {}],
    });
    for (const command of [['test'], ['replay', 'none.ndjson']]) {
      expect(await commands.run(command)).toMatchObject({ out: '', code: 1 });
    }
  });

  it('is used wrongly without a config folder', async () => {
    const { err, code } = await commands.run(['check', join(commands.dir, 'no')]);
    expect(err).toContain('there is no folder ./no');
    expect(code).toBe(2);
  });
});
