import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FileWatch } from './file-watch.js';

let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-watch-'));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a watch on files', () => {
  it('tells of each change once: new content, a switched link, a file that goes and comes', () => {
    const at = (name: string) => join(dir, name);
    writeFileSync(at('one'), '1');
    writeFileSync(at('two'), '22');
    symlinkSync(at('one'), at('link'));
    let changes = 0;
    const watch = new FileWatch(
      () => [at('link'), at('three')],
      () => (changes += 1),
    );
    const seen = () => (watch.check(), watch.check(), changes);
    expect(seen()).toBe(0);
    writeFileSync(at('one'), '1.1');
    expect(seen()).toBe(1);
    symlinkSync(at('two'), at('next'));
    renameSync(at('next'), at('link'));
    expect(seen()).toBe(2);
    writeFileSync(at('three'), '3');
    expect(seen()).toBe(3);
    rmSync(at('three'));
    expect(seen()).toBe(4);
  });
});
