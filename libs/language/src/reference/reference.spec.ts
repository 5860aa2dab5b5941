import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { shippedFiles } from '../../../../test/support/shipped-files.js';
import { compileCatalog, tableFilesOf } from '../index.js';
import { jsonSchemas } from './json-schemas.js';
import { describeLanguage } from './reference.js';

const IS_WRITING = process.env['UPDATE_GOLDEN'] === '1';
const FOLDER = 'config/metrics/';
/** Files to copy: they name their schema as they will once they are beside the packs. */
const EXAMPLES = 'config/examples/';
const SCHEMAS = jsonSchemas();

const read = (file: string) => ({ file, text: readFileSync(file, 'utf8') });
const files = shippedFiles().map((name) => read(FOLDER + name));
const definitions = files.filter(({ file }) => !file.endsWith('.test.yaml'));
const tables = tableFilesOf(definitions);
const examples = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => read(EXAMPLES + name));
const shipped = [...files, ...examples]
  .filter(({ file }) => !tables.includes(file))
  .map(({ file, text }) => ({
    file,
    text,
    kind: file.endsWith('.test.yaml') ? ('test' as const) : ('catalog' as const),
  }));

const ajv = new Ajv2020({ strict: false });
const accepts = {
  catalog: ajv.compile(JSON.parse(SCHEMAS.catalog)),
  test: ajv.compile(JSON.parse(SCHEMAS.test)),
};

describe('generated files are those of the declarations (UPDATE_GOLDEN=1 writes them)', () => {
  it.each(['catalog', 'test'] as const)('config/schemas/%s.schema.json', (kind) => {
    const file = `config/schemas/${kind}.schema.json`;
    if (IS_WRITING) writeFileSync(file, SCHEMAS[kind]);
    expect(read(file).text).toBe(SCHEMAS[kind]);
  });

  it('docs/reference.md', () => {
    const compiled = compileCatalog(
      definitions.filter(({ file }) => !tables.includes(file)),
      tables.filter(existsSync).map(read),
    );
    const text = compiled.ok ? `${describeLanguage(compiled.catalog)}\n` : '';
    if (IS_WRITING && compiled.ok) writeFileSync('docs/reference.md', text);
    expect(read('docs/reference.md').text).toBe(text);
  });
});

describe('the schemas', () => {
  it.each(shipped)('$file names its schema, and satisfies it', ({ file, text, kind }) => {
    const comment = `# yaml-language-server: $schema=../schemas/${kind}.schema.json\n`;
    if (IS_WRITING && !text.startsWith(comment)) writeFileSync(file, comment + text);
    expect(read(file).text.split('\n')[0]).toBe(comment.trimEnd());
    accepts[kind](parse(text));
    expect(accepts[kind].errors ?? []).toEqual([]);
  });

  it.each([
    { kind: 'catalog' as const, fault: 'an unknown key', text: 'metric: []' },
    { kind: 'catalog' as const, fault: 'a metric without help', text: 'metrics: [{ name: a, type: gauge }]' },
    {
      kind: 'catalog' as const,
      fault: 'a type that does not exist',
      text: 'metrics: [{ name: a, help: b, type: sum }]',
    },
    { kind: 'catalog' as const, fault: 'a list as an expression', text: 'forget: { agent: [1] }' },
    { kind: 'test' as const, fault: 'no tests', text: 'test: []' },
    {
      kind: 'test' as const,
      fault: 'a field that no event has',
      text: test('{ at: 1s, type: TTRStatusEvent, ttr: 1 }'),
    },
    { kind: 'test' as const, fault: 'a time that is none', text: test('{ at: soon, type: TTRStatusEvent }') },
    { kind: 'test' as const, fault: 'an unknown type of event', text: test('{ at: 1s, type: TtrEvent }') },
  ])('the one of a $kind refuses $fault', ({ kind, text }) => {
    expect(accepts[kind](parse(text))).toBe(false);
  });

  it('accept a test of one event', () => {
    expect(accepts.test(parse(test('{ at: 1m30s, type: TTRStatusEvent, effectiveTtr: null }')))).toBe(true);
  });
});

/** A file of one test with this event. */
function test(event: string): string {
  return `tests: [{ name: a, events: [${event}], expect: [{ at: 1s, metric: m, samples: [] }] }]`;
}
