import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ArchiveWorld, breaking, FOREVER, sequences, stepping } from '../../../test/support/archive-world.js';
import { liveFiles } from './files.js';
import { keepUp } from './upkeep.js';

let world: ArchiveWorld;

beforeEach(async () => {
  world = await ArchiveWorld.open();
});

afterEach(() => world.close());

const AT = { today: '2026-03-03', keepDays: null };
const tenure = (number: number) => ({ ...FOREVER, number });

const paths = async (): Promise<string[]> => (await world.place.list('')).map(({ path }) => path);

describe('upkeep', () => {
  it('makes small files into large ones, and loses nothing wherever it breaks off', async () => {
    for (const after of [1, 2, 3, 4, 5, 6, 0]) {
      world.empty();
      await world.write(1, 12);
      const { duck, place } = world;
      const options = { duck, enough: 3 };
      await keepUp({ ...options, place: breaking(place, after) }, tenure(2), AT).catch(() => undefined);
      expect(await world.archived()).toEqual(sequences(12));
      await keepUp({ ...options, place }, tenure(2), AT);
      expect(await paths()).toHaveLength(4);
      expect(await liveFiles(place)).toHaveLength(4);
      expect(await world.archived()).toEqual(sequences(12));
    }
  });

  it('leaves the few small files of today alone', async () => {
    await world.write(1, 4);
    expect(await keepUp(world, tenure(1), { ...AT, today: '2026-03-02' })).toEqual({ merged: 0, made: 0, expired: 0 });
  });

  it('sweeps what a crash has left in its work folder a day ago, and nothing younger', async () => {
    const { workFolder } = world.place;
    mkdirSync(workFolder, { recursive: true });
    for (const name of ['old', 'young']) writeFileSync(join(workFolder, name), 'half a file');
    utimesSync(join(workFolder, 'old'), 0, 0);
    await keepUp(world, tenure(1), AT);
    expect(readdirSync(workFolder)).toEqual(['young']);
  });

  it('removes what is older than it is to be kept', async () => {
    await world.write(1, 12);
    const { expired } = await keepUp(world, tenure(1), { today: '2026-03-04', keepDays: 1 });
    expect(expired).toBeGreaterThan(0);
    const left = await liveFiles(world.place);
    expect([...new Set(left.map(({ directory }) => directory))]).toEqual([
      'account_id=1/date=2026-03-03',
      'account_id=2/date=2026-03-03',
    ]);
  });
});

describe('upkeep of a writer that was overtaken', () => {
  it('removes nothing, not even what is dead as it sees it', async () => {
    await world.write(1, 6);
    const { duck, place } = world;
    await keepUp({ duck, place: breaking(place, 2) }, tenure(1), AT).catch(() => undefined);
    const before = await paths();
    expect(before.length).toBeGreaterThan((await liveFiles(place)).length);
    await keepUp(world, { ...tenure(1), confirm: () => Promise.resolve(false) }, AT);
    expect(await paths()).toEqual(before);
  });

  it.each([
    { successor: 'writes', keepsUp: false },
    { successor: 'writes and keeps up', keepsUp: true },
  ])('loses and doubles nothing where it has not heard: its successor $successor', async ({ keepsUp }) => {
    for (let at = 1; at <= 16; at += 1) {
      world.empty();
      await world.write(1, 6);
      let overtaken = false;
      let steps = 0;
      const overtake = async (): Promise<void> => {
        overtaken = true;
        await world.write(7, 9, 2);
        if (keepsUp) await keepUp(world, tenure(2), AT);
      };
      const place = stepping(world.place, async (act) => {
        steps += 1;
        if (steps === at) await overtake();
        await act();
      });
      const unaware = { ...tenure(1), confirm: () => Promise.resolve(!overtaken) };
      await keepUp({ place, duck: world.duck }, unaware, AT).catch(() => undefined);
      if (!overtaken) await overtake();
      expect({ at, archived: await world.archived() }).toEqual({ at, archived: sequences(9) });
      await world.write(10, 11, 2);
      await keepUp(world, tenure(2), AT);
      expect({ at, archived: await world.archived() }).toEqual({ at, archived: sequences(11) });
      expect(await paths()).toHaveLength((await liveFiles(world.place)).length);
    }
  });

  it('removes nothing that its successor counts upon, though what it made itself is there', async () => {
    await world.write(1, 6);
    const slow = stepping(world.place, async (act) => {
      await act();
      overtaken = true;
      await world.write(7, 9, 2);
      await keepUp(world, tenure(2), AT);
    });
    let overtaken = false;
    const unaware = { ...tenure(1), confirm: () => Promise.resolve(!overtaken) };
    await keepUp({ place: slow, duck: world.duck }, unaware, AT);
    expect(await world.archived()).toEqual(sequences(9));
  });
});
