import { expect, it } from '@jest/globals';
import { nearestName } from './nearest-name.js';

it.each<[name: string, candidates: readonly string[], want: string | null]>([
  ['tme', ['type', 'time', 'uid'], 'time'],
  ['convId', ['agentId', 'conversationId'], 'conversationId'],
  ['hlep', ['name', 'help'], 'help'],
  ['smu', ['sum', 'count'], 'sum'],
  ['Agent', ['agent'], 'agent'],
  ['to', ['to'], 'to'],
  ['xyz', ['sum', 'count'], null],
  ['x1', ['id'], null],
  ['', ['a'], 'a'],
  ['a', [], null],
])('%s among %j', (name, candidates, want) => {
  expect(nearestName(name, candidates)).toBe(want);
});
