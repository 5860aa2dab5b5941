import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { provideRedisProgram } from './program.js';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-program-'));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Puts a program into a folder that answers `--version` as told. */
function fakeServer(folder: string, name: string, answer: string): string {
  mkdirSync(join(dir, folder), { recursive: true });
  const file = join(dir, folder, name);
  writeFileSync(file, `#!/bin/sh\necho '${answer}'\n`);
  chmodSync(file, 0o755);
  return file;
}

function provide(...folders: string[]): Promise<string> {
  const path = folders.map((folder) => join(dir, folder)).join(':');
  return provideRedisProgram({ toolsDir: join(dir, 'tools'), path, report: () => undefined });
}

describe('which Redis is run', () => {
  it('takes the first one on the PATH', async () => {
    const first = fakeServer('a', 'redis-server', 'Redis server v=7.2.4 sha=0');
    fakeServer('b', 'redis-server', 'Redis server v=7.0.15 sha=0');
    expect(await provide('a', 'b')).toBe(first);
  });

  it('passes over one that is too old, and one that does not run', async () => {
    fakeServer('a', 'redis-server', 'Redis server v=5.0.14 sha=0');
    fakeServer('b', 'redis-server', 'what?');
    const good = fakeServer('c', 'redis-server', 'Redis server v=6.2.14 sha=0');
    expect(await provide('a', 'b', 'c')).toBe(good);
  });

  it('takes a Valkey where there is no Redis', async () => {
    const valkey = fakeServer('a', 'valkey-server', 'Valkey server v=8.0.1 sha=0');
    expect(await provide('nowhere', 'a')).toBe(valkey);
  });

  it('takes the one that it provided earlier', async () => {
    const provided = fakeServer('tools/redis', 'run', 'Redis server v=7.0.15 sha=0');
    expect(await provide('nowhere')).toBe(provided);
    expect(existsSync(provided)).toBe(true);
  });
});
