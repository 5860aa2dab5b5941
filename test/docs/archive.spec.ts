import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { archiveOf } from '../support/archive-of.js';
import { CommandLine } from '../support/command-line.js';
import { SAMPLE_ACCOUNT, SAMPLE_TIME, SAMPLES } from '../support/liveperson-samples.js';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/archive.md'), 'utf8');

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

/** Each command that asks the archive: its options, and the SQL in quotes. */
const QUERIES = [...`${PAGE}${README}`.matchAll(/^npx livemeter query (.*)"(.*)"$/gm)].map(
  ([, options = '', sql = '']) => ({
    options: options.split(' ').filter((word) => word !== ''),
    sql,
  }),
);

let commands: CommandLine;
let archive: string;

beforeAll(async () => {
  commands = new CommandLine();
  archive = join(commands.dir, 'archive');
  const bodies = SAMPLES.map(({ type, data }, index) => {
    const eventTimestamp = SAMPLE_TIME + index;
    return JSON.stringify({
      commonHeader: {
        accountId: SAMPLE_ACCOUNT,
        uid: `u${index}`,
        schemaVersion: '1-0-0',
        eventTimestamp,
        eventType: type,
      },
      data,
    });
  });
  await archiveOf(bodies, archive);
});

afterAll(() => commands.remove());

const ask = (...words: string[]) => commands.run(['query', '--archive', archive, ...words]);

describe('docs/archive.md', () => {
  it.each(QUERIES)('asks $sql', async ({ options, sql }) => {
    const { out, err, code } = await ask(...options, sql);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out.split('\n').length).toBeGreaterThan(1);
  });

  it('has six examples, with that of README.md, and names each column', async () => {
    expect(QUERIES).toHaveLength(6);
    const { out } = await ask('--format', 'csv', 'SELECT column_name FROM (DESCRIBE receipts)');
    const columns = out.trimEnd().split('\n').slice(1).sort();
    const told = [...PAGE.matchAll(/^\| (`.*?`) +\|/gm)].flatMap(([, names = '']) =>
      names.replaceAll('`', '').split(', '),
    );
    expect(told.sort()).toEqual(columns);
  });
});

describe('an answer', () => {
  it.each([
    { format: 'table', want: 'n  text\n-  ----\n1  a b\n2\n' },
    { format: 'csv', want: 'n,text\n1,"a\nb"\n2,\n' },
    { format: 'json', want: '{"n":1,"text":"a\\nb"}\n{"n":2,"text":null}\n' },
  ])('as $format', async ({ format, want }) => {
    const sql = "SELECT * FROM (VALUES (1, 'a' || chr(10) || 'b'), (2, NULL)) AS t(n, text)";
    expect(await ask('--format', format, sql)).toEqual({ out: want, err: '', code: 0 });
  });

  it('is an error with what to mend where the SQL cannot be run', async () => {
    const { out, err, code } = await ask('SELECT nothing FROM events');
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain('"nothing" not found');
  });

  it('reads nothing of other dates and accounts', async () => {
    const count = async (...words: string[]) =>
      (await ask('--format', 'csv', ...words, 'SELECT count(*) FROM events')).out;
    expect(await count()).toContain(String(SAMPLES.length));
    const nowhere = await ask('--from', '2030-01-01', 'SELECT 1');
    expect({ code: nowhere.code, err: nowhere.err }).toEqual({
      code: 2,
      err: expect.stringContaining('nothing is archived in ./archive for what was asked'),
    });
    expect((await ask('--account', '7', 'SELECT 1')).code).toBe(2);
  });
});
