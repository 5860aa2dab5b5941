import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseSimulator } from './parse.js';
import { simulatorSchema } from './schema.js';

const SCHEMA = z.toJSONSchema(simulatorSchema, { io: 'input' });

describe('config/schemas/simulator.schema.json', () => {
  const file = 'config/schemas/simulator.schema.json';
  const text = `${JSON.stringify(SCHEMA, null, 2)}\n`;

  it('is that of the declarations (UPDATE_GOLDEN=1 writes it)', () => {
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('is named by config/simulator.yaml, and satisfied', () => {
    const shipped = readFileSync('config/simulator.yaml', 'utf8');
    expect(shipped.split('\n')[0]).toBe('# yaml-language-server: $schema=schemas/simulator.schema.json');
    const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(SCHEMA);
    accepts(parse(shipped));
    expect(accepts.errors ?? []).toEqual([]);
    expect(parseSimulator('simulator.yaml', shipped).ok).toBe(true);
  });
});

const ENDPOINT = 'endpoint: http://127.0.0.1:8420/v1/events/liveperson';

describe('simulator.yaml', () => {
  it.each([
    { fault: 'no subscription', text: 'subscriptions: []', want: '1:16: invalid-value: "subscriptions"' },
    {
      fault: 'a credential that is not there',
      text: `subscriptions: [{ name: a, ${ENDPOINT}, credential: b }]`,
      want: 'no credential has this name',
    },
    {
      fault: 'a name twice',
      text: `subscriptions: [{ name: a, ${ENDPOINT} }, { name: a, ${ENDPOINT} }]`,
      want: 'two have this name',
    },
    {
      fault: 'an unknown event',
      text: `subscriptions: [{ name: a, ${ENDPOINT}, events: [MessageEvent] }]`,
      want: 'one of ConversationRequestEvent',
    },
    {
      fault: 'a misspelt key',
      text: `subscriptions: [{ name: a, ${ENDPOINT}, credentials: b }]`,
      want: '"credentials" has no meaning here',
    },
    {
      fault: 'a secret in the file',
      text: `{ credentials: { b: { type: bearer, token: abc } }, subscriptions: [{ name: a, ${ENDPOINT} }] }`,
      want: 'a secret never stands in the file',
    },
    {
      fault: 'an address that is none',
      text: 'subscriptions: [{ name: a, endpoint: "ftp://host" }]',
      want: 'an address such as',
    },
    {
      fault: 'a certificate without its key',
      text: `subscriptions: [{ name: a, ${ENDPOINT}, mtls: { certificate: c.pem } }]`,
      want: '"subscriptions.0.mtls.key" is missing',
    },
  ])('refuses $fault', ({ text, want }) => {
    const parsed = parseSimulator('simulator.yaml', text);
    const said = parsed.ok
      ? ''
      : parsed.errors.map(({ line, col, code, message, remedy }) => `${line}:${col}: ${code}: ${message}, ${remedy}`);
    expect(String(said)).toContain(want);
  });
});
