import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
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

  it('is held by one, however many ask at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => lockFolder(dir)));
    const held = answers.filter((answer) => !('heldBy' in answer));
    expect(held).toHaveLength(1);
    expect(await lockFolder(dir)).toEqual({ heldBy: process.pid });
    for (const answer of answers) if (!('heldBy' in answer)) await answer.release();
    await (await taken()).release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('can be taken again once released', async () => {
    await (await taken()).release();
    await (await taken()).release();
  });

  it('is held by one who is suspended, too', async () => {
    const holder = await holderWith(`() => undefined`);
    expect(await lockFolder(dir)).toEqual({ heldBy: holder.pid });
    holder.kill('SIGKILL');
  });

  it('falls to the next one when its holder was killed', async () => {
    const holder = await holderWith(`(socket) => socket.end('holds')`);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(readdirSync(dir)).toEqual([`lock-${holder.pid}-0`]);
    const lock = await taken();
    expect(readdirSync(dir)).toEqual([expect.stringContaining(`lock-${process.pid}-`)]);
    await lock.release();
  });
});

/** Another process that holds the lock, and treats whoever asks so. */
async function holderWith(treatment: string): Promise<ChildProcess> {
  const address = `${JSON.stringify(join(dir, 'lock-'))} + process.pid + '-0'`;
  const script = `require('node:net').createServer(${treatment}).listen(${address}, () => console.log())`;
  const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  return holder;
}
