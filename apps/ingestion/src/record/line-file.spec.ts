import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Appendable, LineFile } from './line-file.js';

let dir: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-record-'));
  path = join(dir, 'record.ndjson');
});

afterEach(() => {
  jest.useRealTimers();
  rmSync(dir, { recursive: true, force: true });
});

const quiet = () => undefined;

describe('a line file', () => {
  it('counts as written only what the disk has', async () => {
    const told: string[] = [];
    let reach = (): void => undefined;
    const file = new LineFile(
      {
        appendFile: async () => void told.push('appended'),
        datasync: async () => {
          await new Promise<void>((resolve) => {
            told.push('on its way');
            reach = resolve;
          });
          told.push('on disk');
        },
        truncate: async () => undefined,
        close: async () => undefined,
      },
      0,
      quiet,
    );
    const written = file.append('1\n').then(() => told.push('written'));
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    reach();
    await written;
    expect(told).toEqual(['appended', 'on its way', 'on disk', 'written']);
  });

  it('appends to what is there', async () => {
    writeFileSync(path, '1\n');
    const file = await LineFile.open(path, quiet);
    await Promise.all([file.append('2\n'), file.append('3\n'), file.append('4\n')]);
    expect(readFileSync(path, 'utf8')).toBe('1\n2\n3\n4\n');
    await file.close();
  });

  it.each([
    { name: 'a torn last line', before: '1\n2\n{"torn', want: '1\n2\n3\n' },
    { name: 'nothing but a torn line', before: '{"torn', want: '3\n' },
    { name: 'a torn line longer than one read', before: `1\n${'x'.repeat(200_000)}`, want: '1\n3\n' },
    { name: 'whole lines', before: '1\n', want: '1\n3\n' },
  ])('goes on after $name', async ({ before, want }) => {
    writeFileSync(path, before);
    const file = await LineFile.open(path, quiet);
    await file.append('3\n');
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe(want);
  });

  it('keeps what a full disk refused, and writes it once and in order when there is room', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const handle = await open(path, 'a+');
    let full = true;
    const disk: Appendable = {
      appendFile: async (text) => {
        await handle.appendFile(full ? String(text).slice(0, 1) : text);
        if (full) throw new Error('ENOSPC');
      },
      datasync: () => handle.datasync(),
      truncate: (size) => handle.truncate(size),
      close: () => handle.close(),
    };
    const errors: string[] = [];
    const file = new LineFile(disk, 0, (error) => errors.push(error.message));
    await expect(file.append('1\n')).rejects.toThrow('ENOSPC');
    await expect(file.append('2\n')).rejects.toThrow('ENOSPC');
    expect(file.failing).toBe(true);
    full = false;
    jest.advanceTimersByTime(1_000);
    await file.close();
    expect(file.failing).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('1\n2\n');
    expect(errors).toEqual(['ENOSPC']);
  });
});
