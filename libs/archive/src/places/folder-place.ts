import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { ArchivePlace, Stored } from './place.js';

/** Files that begin so are passed over by everybody who reads Hive's layout. */
const WORK = '_writing';

/** An archive in a local folder. */
export class FolderPlace implements ArchivePlace {
  readonly workFolder: string;
  /** Whether the folder was ever there: one that is not yet is empty, one that is gone is away. */
  private wasThere = false;

  constructor(readonly address: string) {
    this.workFolder = resolve(address, WORK);
  }

  /** Rejects where the folder has gone: whoever took it for empty would write again what is in it. */
  async list(folder: string): Promise<readonly Stored[]> {
    const found = await this.look(folder);
    const root = await stat(this.address).catch(absentIsNull);
    if (root?.isDirectory() !== true && (root !== null || this.wasThere)) {
      throw new Error(`${this.address} is ${root === null ? 'not there any more' : 'no folder'}`);
    }
    this.wasThere = root !== null;
    return found;
  }

  private async look(folder: string): Promise<readonly Stored[]> {
    const found: Stored[] = [];
    for (const directory of folder === '' ? await this.directories() : [folder]) {
      for (const name of await this.namesIn(directory)) {
        const path = `${directory}/${name}`;
        const size = await sizeOf(resolve(this.address, path));
        if (size !== null && name.endsWith('.parquet')) found.push({ path, bytes: size });
      }
    }
    return found;
  }

  async put(path: string, localFile: string): Promise<void> {
    const target = resolve(this.address, path);
    await synced(localFile);
    const made = await mkdir(dirname(target), { recursive: true });
    await rename(localFile, target);
    // A name is on disk when its folder is, and a folder when that in which it was made is.
    for (let folder = dirname(target); ; folder = dirname(folder)) {
      await synced(folder);
      if (made === undefined || folder === dirname(made) || folder === dirname(folder)) break;
    }
  }

  async remove(path: string): Promise<void> {
    const file = resolve(this.address, path);
    await rm(file, { force: true });
    // The folder of a day whose files are all gone; one that is not empty stays.
    await rmdir(dirname(file)).catch(() => undefined);
  }

  fetch(files: readonly Stored[]): Promise<readonly string[]> {
    return Promise.resolve(files.map(({ path }) => resolve(this.address, path)));
  }

  /** The folders of days; nothing else is looked into, whatever the folder is. */
  private async directories(): Promise<readonly string[]> {
    const accounts = (await this.namesIn('')).filter((name) => name.startsWith('account_id='));
    const days = accounts.map(async (account) => {
      const names = await this.namesIn(account);
      return names.filter((name) => name.startsWith('date=')).map((name) => `${account}/${name}`);
    });
    return (await Promise.all(days)).flat();
  }

  private async namesIn(folder: string): Promise<readonly string[]> {
    return readdir(resolve(this.address, folder)).catch(absentIsEmpty);
  }
}

/** The bytes of a file; null for one that is gone meanwhile. */
async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}

function absentIsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function absentIsEmpty(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
}

async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
