import { describe, expect, it } from '@jest/globals';
import * as argument from './argument.js';

describe('arguments of the command line', () => {
  it.each<{ parse: (text: string) => unknown; text: string; want: unknown }>([
    { parse: argument.parseDuration, text: '90', want: 90_000 },
    { parse: argument.parseDuration, text: '500ms', want: 500 },
    { parse: argument.parseDuration, text: '1h30m', want: 5_400_000 },
    { parse: argument.parseDuration, text: '1.5s', want: 1_500 },
    { parse: argument.parseShare, text: '20%', want: 0.2 },
    { parse: argument.parseShare, text: '0.2', want: 0.2 },
    { parse: argument.parseShare, text: '1', want: 1 },
    { parse: argument.parsePositive, text: '0.5', want: 0.5 },
    { parse: argument.parseCount, text: '12', want: 12 },
    { parse: argument.parseSeed, text: '-3', want: -3 },
    { parse: argument.parseMilliseconds, text: '0', want: 0 },
    { parse: argument.parseMilliseconds, text: '200ms', want: 200 },
    { parse: argument.parseInstant, text: '2026-05-04T09:00:00Z', want: 1_777_885_200_000 },
    { parse: argument.parseInstant, text: '2026-05-04T11:00:00.5+02:00', want: 1_777_885_200_500 },
    { parse: argument.parseAddress, text: 'http://127.0.0.1:1/x', want: new URL('http://127.0.0.1:1/x') },
  ])('$parse.name reads $text', ({ parse, text, want }) => {
    expect(parse(text)).toEqual(want);
  });

  it.each<{ parse: (text: string) => unknown; texts: string[] }>([
    { parse: argument.parseDuration, texts: ['', 'soon', '-5s', '5 m', '10x'] },
    { parse: argument.parseShare, texts: ['', '120%', '2', '-1%', 'all'] },
    { parse: argument.parsePositive, texts: ['0', '-1', 'x', 'Infinity'] },
    { parse: argument.parseCount, texts: ['1.5', '0', 'many'] },
    { parse: argument.parseSeed, texts: ['', '1.5', 'x'] },
    { parse: argument.parseMilliseconds, texts: ['-1', '1s', '60001', ''] },
    { parse: argument.parseInstant, texts: ['yesterday', '2026-05-04', '2026-13-04T09:00:00Z'] },
    { parse: argument.parseAddress, texts: ['localhost', 'ftp://x/', ''] },
  ])('$parse.name refuses $texts', ({ parse, texts }) => {
    for (const text of texts) expect(() => parse(text)).toThrow(/Write /);
  });
});
