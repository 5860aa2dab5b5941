import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ArchiveWorld, FOREVER, jobs, stepping, T0 } from '../../../test/support/archive-world.js';
import { liveFiles } from './files.js';
import type { ArchivePlace } from './places/place.js';
import { archivedLines } from './reader.js';
import { rowOf } from './row.js';
import { keepUp } from './upkeep.js';
import { ArchiveWriter } from './writer.js';

let world: ArchiveWorld;

beforeEach(async () => {
  world = await ArchiveWorld.open();
});

afterEach(() => world.close());

const TENURE = { ...FOREVER, number: 1 };
const merge = () => keepUp(world, TENURE, { today: '2026-03-05', keepDays: null });

/** What the jobs come to, each in its accounts' order. */
const wanted = (to: number): string[] =>
  jobs(1, to).flatMap(({ number, rows }) =>
    rows.map(() => `{"receivedAt":${T0 + number * 10_000},"event":{"n":${number}}}`),
  );

/** The lines, with what happens before the line of each place. */
async function read(place: ArchivePlace, before: (index: number) => Promise<unknown> = async () => undefined) {
  const lines: string[] = [];
  for await (const line of archivedLines({ place, duck: world.duck })) {
    await before(lines.length);
    lines.push(line);
  }
  return lines;
}

describe('the lines of an archive', () => {
  it('are events and outages in order of receipt, with the instants that counted', async () => {
    const rows = [
      { receivedAt: T0 + 2, agentReceivedAt: T0 + 5, sequence: 2, raw: '{"b":"\u2028"}' },
      { receivedAt: T0 + 1, sequence: 1, raw: '{"a":1}' },
      { receivedAt: T0 + 3, sequence: 3, kind: 'outage' as const, raw: '{"outage":{"from":1,"to":3}}' },
      { receivedAt: T0 + 4, sequence: 4, kind: 'quarantined' as const, raw: 'x' },
    ].map((given) => ({ row: rowOf({ replica: 'r', ...given }), spooled: false }));
    await new ArchiveWriter(world.place, world.duck).write(TENURE, [{ number: 1, rows }]);
    expect(await read(world.place)).toEqual([
      `{"receivedAt":${T0 + 1},"event":{"a":1}}`,
      `{"receivedAt":${T0 + 2},"agentReceivedAt":${T0 + 5},"event":{"b":"\u2028"}}`,
      '{"outage":{"from":1,"to":3}}',
    ]);
  });

  it('stay the same while files are made into others between them', async () => {
    for (const at of [0, 1, 7, 8, 20]) {
      world.empty();
      await world.write(1, 18);
      expect(await read(world.place, async (index) => (index === at ? merge() : undefined))).toEqual(wanted(18));
    }
  });

  it('stay the same while files are made into others before they are opened', async () => {
    await world.write(1, 18);
    let left = 1;
    const late: ArchivePlace = {
      ...stepping(world.place, (act) => act()),
      fetch: async (files) => {
        const local = await world.place.fetch(files);
        if (left-- === 1) await merge();
        return local;
      },
    };
    expect(await read(late)).toEqual(wanted(18));
  });

  it('are not read for ever where a file cannot be read', async () => {
    await world.write(1, 2);
    const broken: ArchivePlace = {
      ...stepping(world.place, (act) => act()),
      fetch: () => Promise.resolve(['/nowhere/file.parquet']),
    };
    await expect(read(broken)).rejects.toThrow('/nowhere/file.parquet');
  });
});

it('lists either the files that become one or the one, whenever it looks', async () => {
  for (const at of [1, 2, 3]) {
    world.empty();
    await world.write(1, 6);
    let step = 0;
    /** A list that is made name by name, while the files become one. */
    const torn: ArchivePlace = {
      ...stepping(world.place, (act) => act()),
      list: async (folder) => {
        const before = await world.place.list(folder);
        step += 1;
        if (step !== at) return before;
        await merge();
        const there = new Set((await world.place.list(folder)).map(({ path }) => path));
        return before.filter(({ path }) => there.has(path));
      },
    };
    const live = await liveFiles(torn);
    const held = live.map(({ directory, from, to }) => ({ directory, from, to }));
    for (const { number, rows } of jobs(1, 6)) {
      for (const { row } of rows) {
        const date = new Date(row.receivedAt).toISOString().slice(0, 10);
        const directory = `account_id=${row.accountId}/date=${date}`;
        const holding = held.filter((one) => one.directory === directory && one.from <= number && number <= one.to);
        expect({ at, number, files: holding.length }).toEqual({ at, number, files: 1 });
      }
    }
  }
});
