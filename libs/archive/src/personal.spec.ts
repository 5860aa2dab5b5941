import { describe, expect, it } from '@jest/globals';
import { maskOf } from './personal.js';
import { rowOf } from './row.js';

const KEY = 'a key';
const HASH = /^[0-9a-f]{64}$/;

const masked = (drop: readonly string[], hash: readonly string[], raw: string, key = KEY) =>
  maskOf({ drop, hash, key })?.(rowOf({ uid: 'u', conversationId: 'c', agentId: 'a', raw, rawBase64: 'eA==' }));

describe('a field of the body', () => {
  it.each([
    {
      name: 'dropped, wherever it stands',
      drop: ['n'],
      hash: [],
      json: '{"n":"x","a":[{"n":{"b":1},"c":2}]}',
      want: '{"a":[{"c":2}]}',
    },
    { name: 'hashed stays null', drop: [], hash: ['n'], json: '{"n":null}', want: '{"n":null}' },
    {
      name: 'hashed stays blank',
      drop: [],
      hash: ['n'],
      json: '{"n":"","a":{"n":" "}}',
      want: '{"n":"","a":{"n":" "}}',
    },
    { name: 'in what is no JSON goes with all of it', drop: ['n'], hash: [], json: '{"n":', want: null },
  ])('$name', ({ drop, hash, json, want }) => {
    expect(masked(drop, hash, json)).toMatchObject({ raw: want, rawBase64: null, uid: 'u', agentId: 'a' });
  });

  it('has the same hash for the same value, another one under another key', () => {
    const hashed = (key: string, value: unknown) =>
      (JSON.parse(masked([], ['n'], JSON.stringify({ n: value }), key)?.raw ?? '') as { n: string }).n;
    expect(hashed(KEY, 'Ada')).toMatch(HASH);
    expect(hashed(KEY, 'Ada')).toBe(hashed(KEY, 'Ada'));
    expect(new Set([hashed(KEY, 'Ada'), hashed('other', 'Ada'), hashed(KEY, 'Bob'), hashed(KEY, { a: 1 })]).size).toBe(
      4,
    );
  });
});

describe('the column of a field', () => {
  const raw = '{"agentId":"a","convId":"c","uid":"u"}';

  it.each([
    { drop: ['agentId'], hash: [], want: { agentId: null, conversationId: 'c', uid: 'u' } },
    { drop: ['convId'], hash: [], want: { agentId: 'a', conversationId: null, uid: 'u' } },
    { drop: ['conversationId'], hash: ['convId'], want: { agentId: 'a', conversationId: null, uid: 'u' } },
    { drop: ['convId'], hash: ['conversationId'], want: { agentId: 'a', conversationId: null, uid: 'u' } },
    { drop: ['agentDetails'], hash: [], want: { agentId: null, conversationId: 'c', uid: 'u' } },
    { drop: [], hash: ['convDetails'], want: { agentId: 'a', conversationId: null, uid: 'u' } },
    { drop: ['data'], hash: [], want: { agentId: null, conversationId: null, uid: 'u' } },
    { drop: ['n'], hash: [], want: { agentId: 'a', conversationId: 'c', uid: 'u' } },
  ])('is dropped with it: $drop', ({ drop, hash, want }) => {
    expect(masked(drop, hash, raw)).toMatchObject(want);
  });

  it('has the hash that stands in the body', () => {
    const row = masked([], ['agentId', 'convId', 'conversationId', 'uid'], raw);
    const body = JSON.parse(row?.raw ?? '') as Record<string, string>;
    expect(Object.values(body)).toEqual([row?.agentId, row?.conversationId, row?.uid]);
    for (const hash of Object.values(body)) expect(hash).toMatch(HASH);
  });

  it.each(['convId', 'conversationId'])('has it, whichever of the names is given: %s', (name) => {
    const row = masked([], [name], '{"convId":"c","conversationId":"c"}');
    const hash = row?.conversationId;
    expect(hash).toMatch(HASH);
    expect(JSON.parse(row?.raw ?? '')).toEqual({ convId: hash, conversationId: hash });
  });

  it('has it for a number, too', () => {
    const row = maskOf({ drop: [], hash: ['agentId'], key: KEY })?.(rowOf({ agentId: '7', raw: '{"agentId":7}' }));
    expect(row?.agentId).toMatch(HASH);
    expect(JSON.parse(row?.raw ?? '')).toEqual({ agentId: row?.agentId });
  });

  it('stays null', () => {
    const row = maskOf({ drop: [], hash: ['agentId'], key: KEY })?.(rowOf({ raw: '{}' }));
    expect(row).toMatchObject({ agentId: null, raw: '{}' });
  });
});

it('has nothing to do where there are no such fields', () => {
  expect(maskOf({ drop: [], hash: [], key: KEY })).toBeNull();
});
