import { describe, expect, it } from '@jest/globals';
import { parseServerVersion } from './version.js';

describe('the answer of a server program to --version', () => {
  it.each([
    {
      answer: 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0',
      want: { name: 'Redis', version: '7.0.15', supported: true },
    },
    { answer: 'Redis server v=6.2.0 sha=0', want: { name: 'Redis', version: '6.2.0', supported: true } },
    { answer: 'Redis server v=6.0.16 sha=0', want: { name: 'Redis', version: '6.0.16', supported: false } },
    { answer: 'Redis server v=5.0.14 sha=0', want: { name: 'Redis', version: '5.0.14', supported: false } },
    { answer: 'Valkey server v=8.1.0-rc1 sha=0', want: { name: 'Valkey', version: '8.1.0-rc1', supported: true } },
    { answer: 'Usage: something else', want: null },
    { answer: '', want: null },
  ])('$answer', ({ answer, want }) => {
    expect(parseServerVersion(answer)).toEqual(want);
  });
});
