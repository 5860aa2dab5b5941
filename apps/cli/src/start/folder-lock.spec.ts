import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FolderLock, lockFolder } from './folder-lock.js';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-lock-'));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

async function taken(): Promise<FolderLock> {
  const lock = await lockFolder(dir);
  if ('heldBy' in lock) throw new Error(`held by ${lock.heldBy}`);
  return lock;
}

describe('the lock of a data folder', () => {
  it('is held by one at a time, who says who it is', async () => {
    const lock = await taken();
    expect(await lockFolder(dir)).toEqual({ heldBy: process.pid });
    await lock.release();
  });

  it('can be taken again once released', async () => {
    await (await taken()).release();
    await (await taken()).release();
  });

  it('falls to the next one when its holder was killed', async () => {
    const script = `require('node:net').createServer().listen(${JSON.stringify(join(dir, 'lock'))}, () => console.log())`;
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(existsSync(join(dir, 'lock'))).toBe(true);
    await (await taken()).release();
  });
});
