import { describe, expect, it } from '@jest/globals';
import { tableFilesOf } from '../index.js';

describe('the files of tables', () => {
  it.each<[what: string, text: string, want: readonly string[]]>([
    ['none', 'metrics: []', []],
    ['beside the source', 'tables: { a: { file: agents.csv }, b: { file: ./b.yaml } }', ['p/agents.csv', 'p/b.yaml']],
    ['by a key with escapes', '{ "t\\x61bles": { a: { file: a.csv } } }', ['p/a.csv']],
    ['below it, each once', 'tables: { a: { file: t/a.csv }, b: { file: t/./a.csv } }', ['p/t/a.csv']],
    ['of another shape', 'tables: { a: agents.csv, b: { file: 5 }, c: [1] }', []],
    ['a list of tables', 'tables: [{ file: a.csv }]', []],
    ['elsewhere', 'tables: { a: { file: ../a.csv }, b: { file: /etc/b.csv }, c: { file: t/../../c.csv } }', []],
    ['on another drive', "tables: { a: { file: 'C:\\a.csv' }, b: { file: 'C:/b.csv' }, c: { file: '..\\c.csv' } }", []],
    ['no table', 'tables: { a: { file: shadow }, b: { file: a.csv/ }, c: { file: "a\\0.csv" }, d: { file: "" } }', []],
    ['what is no YAML', 'tables: { a: {', []],
    ['an alias too many', 'x: *y', []],
  ])('%s', (_what, text, want) => {
    expect(tableFilesOf([{ file: 'p/a.yaml', text }])).toEqual(want);
  });

  it('come from all sources', () => {
    const sources = [
      { file: 'b.yaml', text: 'tables: { b: { file: b.csv } }' },
      { file: '/x/a.yaml', text: 'tables: { a: { file: a.csv } }' },
    ];
    expect(tableFilesOf(sources)).toEqual(['/x/a.csv', 'b.csv']);
  });
});
