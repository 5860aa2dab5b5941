import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderPlace } from './folder-place.js';

const FOLDER = 'account_id=1/date=2026-03-02';

let dir: string;
let root: string;
let place: FolderPlace;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-folder-'));
  root = join(dir, 'archive');
  place = new FolderPlace(root);
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function put(name: string): Promise<void> {
  writeFileSync(join(dir, 'made'), 'x');
  await place.put(`${FOLDER}/${name}`, join(dir, 'made'));
}

describe('a folder', () => {
  it('is empty before anything is in it', async () => {
    expect(await place.list('')).toEqual([]);
    expect(await place.list(FOLDER)).toEqual([]);
  });

  it('lists its files, and nothing else that lies about', async () => {
    await put('a.parquet');
    writeFileSync(join(root, 'account_id=9'), 'no folder');
    writeFileSync(join(root, FOLDER, 'README'), 'no file of the archive');
    mkdirSync(place.workFolder);
    const want = [{ path: `${FOLDER}/a.parquet`, bytes: 1 }];
    expect(await place.list('')).toEqual(want);
    expect(await place.list(FOLDER)).toEqual(want);
    expect(await place.list('account_id=1/date=2026-03-03')).toEqual([]);
  });

  it.each(['', FOLDER])('is not taken for empty while it is away (%j)', async (folder) => {
    await put('a.parquet');
    await place.list(folder);
    renameSync(root, `${root}-away`);
    await expect(place.list(folder)).rejects.toThrow('archive is not there any more');
    writeFileSync(root, 'a file in its place');
    await expect(place.list(folder)).rejects.toThrow('archive is no folder');
    await expect(new FolderPlace(root).list(folder)).rejects.toThrow('archive is no folder');
    rmSync(root);
    renameSync(`${root}-away`, root);
    expect(await place.list(folder)).toHaveLength(1);
  });
});
