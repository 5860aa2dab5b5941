import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { z } from 'zod';
import { sourcesSchema } from './schema.js';

const SCHEMA = z.toJSONSchema(sourcesSchema, { io: 'input' });
const accepts = new Ajv2020({ strict: false }).compile(SCHEMA);

describe('config/schemas/sources.schema.json', () => {
  const file = 'config/schemas/sources.schema.json';
  const text = `${JSON.stringify(SCHEMA, null, 2)}\n`;

  it('is that of the declarations (UPDATE_GOLDEN=1 writes it)', () => {
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('is named by config/sources.yaml, and satisfied', () => {
    const shipped = readFileSync('config/sources.yaml', 'utf8');
    expect(shipped.split('\n')[0]).toBe('# yaml-language-server: $schema=schemas/sources.schema.json');
    accepts(parse(shipped));
    expect(accepts.errors ?? []).toEqual([]);
  });

  it.each([
    {
      fault: 'a secret in the file',
      text: 'sources: { a: { type: liveperson, credentials: [{ type: bearer, token: abc }] } }',
    },
    { fault: 'an unknown type of source', text: 'sources: { a: { type: genesys } }' },
    { fault: 'an unknown key', text: 'sources: { a: { type: liveperson, credential: [] } }' },
    { fault: 'no sources', text: 'source: {}' },
  ])('refuses $fault', ({ text: faulty }) => {
    expect(accepts(parse(faulty))).toBe(false);
  });
});
