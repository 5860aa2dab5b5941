import { describe, expect, it } from '@jest/globals';
import { directoryOf, type FileFacts, fileName, parseFile, sift } from './layout.js';

const T0 = Date.parse('2026-03-02T23:59:59.999Z');

interface Filed {
  readonly account: string | null;
  readonly at: number;
  readonly want: string;
  /** What is read back, where that is something else. */
  readonly back?: string | null;
}

describe('the folder of a receipt', () => {
  it.each<Filed>([
    { account: '84731', at: T0, want: 'account_id=84731/date=2026-03-02' },
    { account: '84731', at: T0 + 1, want: 'account_id=84731/date=2026-03-03' },
    { account: '../../etc', at: T0, want: 'account_id=..%2F..%2Fetc/date=2026-03-02' },
    { account: 'a=b/c d', at: T0, want: 'account_id=a%3Db%2Fc%20d/date=2026-03-02' },
    { account: 'a\ud800', at: T0, want: 'account_id=a%EF%BF%BD/date=2026-03-02', back: 'a\ufffd' },
    { account: null, at: T0, want: 'account_id=__HIVE_DEFAULT_PARTITION__/date=2026-03-02' },
    { account: '', at: T0, want: 'account_id=__HIVE_DEFAULT_PARTITION__/date=2026-03-02' },
    { account: 'x'.repeat(201), at: T0, want: 'account_id=__HIVE_DEFAULT_PARTITION__/date=2026-03-02' },
  ])('of $account is $want', ({ account, at, want, back = account }: Filed) => {
    expect(directoryOf(account, at)).toBe(want);
    const known = want.includes('__') ? null : back;
    const facts = { epoch: 1, from: 1, to: 1, tenure: 1, level: 0 };
    const read = parseFile(`${want}/${fileName(facts)}`, 10);
    expect(read).toMatchObject({ directory: want, accountId: known, date: want.slice(-10) });
  });
});

const FOLDER = 'account_id=1/date=2026-03-02';

function file(given: Partial<FileFacts>, folder = FOLDER) {
  const facts = { epoch: 1, from: 1, to: 1, tenure: 1, level: 0, ...given };
  const parsed = parseFile(`${folder}/${fileName(facts)}`, 10);
  if (parsed === null) throw new Error('no file');
  return parsed;
}

it('reads back what a name tells', () => {
  const facts = { epoch: 1_772_474_400_000, from: 7, to: 1_000_000_000_000_000, tenure: 12, level: 3 };
  expect(parseFile(`${FOLDER}/${fileName(facts)}`, 10)).toMatchObject({ ...facts, directory: FOLDER, bytes: 10 });
});

it.each([
  `account_id=%zz/date=2026-03-02/${fileName(file({}))}`,
  'x.parquet',
  `${FOLDER}/x.parquet`,
  `_writing/${fileName(file({}))}`,
  `${FOLDER}/${fileName(file({}))}.tmp`,
])('takes %s for no file of the archive', (path) => {
  expect(parseFile(path, 10)).toBeNull();
});

describe('of files that hold the same jobs', () => {
  const merged = file({ from: 1, to: 30, level: 1, tenure: 2 });
  const parts = [file({ from: 1, to: 10, tenure: 2 }), file({ from: 11, to: 30, tenure: 2 })];
  const overtaken = file({ from: 31, to: 45, tenure: 2 });
  const successor = file({ from: 31, to: 40, tenure: 3 });
  const elsewhere = file({ from: 31, to: 45, tenure: 2 }, 'account_id=2/date=2026-03-02');
  const before = file({ epoch: 0, from: 1, to: 30 });

  it.each([
    { name: 'those that were made into one', files: [...parts, merged], live: [merged] },
    {
      name: 'what was published by a writer that had lost the queue',
      files: [overtaken, successor],
      live: [successor],
    },
    { name: 'none in different folders', files: [elsewhere, successor], live: [elsewhere, successor] },
    {
      name: 'of those of one writer that begin alike, the shorter ones',
      files: [file({ from: 1, to: 10 }), file({ from: 1, to: 30 })],
      live: [file({ from: 1, to: 30 })],
    },
    { name: 'none of different queues', files: [merged, before], live: [before, merged] },
    { name: 'none that follow one another', files: [...parts, successor], live: [...parts, successor] },
  ])('$name are dead', ({ files, live }) => {
    for (const order of [files, files.toReversed()]) {
      const sifted = sift(order);
      expect(sifted.live.map(({ path }) => path).sort()).toEqual(live.map(({ path }) => path).sort());
      expect(new Set([...sifted.live, ...sifted.dead])).toEqual(new Set(files));
    }
  });
});
