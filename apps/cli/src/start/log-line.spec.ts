import { describe, expect, it } from '@jest/globals';
import { type Level, presentLine } from './log-line.js';

describe('a line of an app, for a person', () => {
  it.each<{ name: string; line: string; least: Level; want: string | null }>([
    { name: 'a log line', line: '{"level":"info","msg":"up"}', least: 'info', want: 'metrics  info  up' },
    { name: 'one below the least level', line: '{"level":"info","msg":"up"}', least: 'warn', want: null },
    {
      name: 'one with a cause',
      line: '{"level":"error","msg":"Redis is away","err":{"message":"connect ECONNREFUSED"}}',
      least: 'warn',
      want: 'metrics  error  Redis is away (connect ECONNREFUSED)',
    },
    {
      name: 'one whose text holds its cause',
      line: '{"level":"error","msg":"away: gone","err":{"message":"gone"}}',
      least: 'warn',
      want: 'metrics  error  away: gone',
    },
    { name: 'a crash', line: 'TypeError: x is undefined', least: 'fatal', want: 'metrics  TypeError: x is undefined' },
    { name: 'JSON that is no log line', line: '{"a":1}', least: 'warn', want: 'metrics  {"a":1}' },
    { name: 'what begins like JSON', line: '{oops', least: 'warn', want: 'metrics  {oops' },
  ])('$name', ({ line, least, want }) => {
    expect(presentLine('metrics', line, least)).toBe(want);
  });
});
