import { expect, it } from '@jest/globals';
import { maskOf } from './personal.js';

const KEY = 'a key';
const HASH = /^[0-9a-f]{64}$/;

it.each([
  {
    name: 'dropped, wherever it stands',
    drop: ['n'],
    hash: [],
    json: '{"n":"x","a":[{"n":{"b":1},"c":2}]}',
    want: '{"a":[{"c":2}]}',
  },
  { name: 'a null stays', drop: [], hash: ['n'], json: '{"n":null}', want: '{"n":null}' },
  { name: 'no JSON', drop: ['n'], hash: [], json: '{"n":', want: null },
])('$name', ({ drop, hash, json, want }) => {
  expect(maskOf({ drop, hash, key: KEY })?.(json)).toBe(want);
});

it('puts the same hash for the same value, another one under another key', () => {
  const hashed = (key: string, value: unknown) =>
    (JSON.parse(maskOf({ drop: [], hash: ['n'], key })?.(JSON.stringify({ n: value })) ?? '') as { n: string }).n;
  expect(hashed(KEY, 'Ada')).toMatch(HASH);
  expect(hashed(KEY, 'Ada')).toBe(hashed(KEY, 'Ada'));
  expect(new Set([hashed(KEY, 'Ada'), hashed('other', 'Ada'), hashed(KEY, 'Bob'), hashed(KEY, { a: 1 })]).size).toBe(4);
});

it('has nothing to do where there are no such fields', () => {
  expect(maskOf({ drop: [], hash: [], key: KEY })).toBeNull();
});
