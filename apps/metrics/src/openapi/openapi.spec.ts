import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiDocument } from './document.js';
import { OPERATIONS } from './operations.js';
import { PAGE_POLICY, referencePage } from './page.js';
import { restReference } from './reference.js';

const FILE = join(import.meta.dirname, '../../../../docs/rest.md');
const MARK = '<!-- generated from here on -->\n';

describe('/openapi.json', () => {
  it('is OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(openApiDocument());
    expect([valid, errors ?? []]).toEqual([true, []]);
    expect(validator.version).toBe('3.1');
  });

  it.each(OPERATIONS)('tells of $id all that a reader wants to know', (operation) => {
    const { path, parameters, summary, examples } = operation;
    expect(summary).toMatch(/^[A-Z].*\.$/);
    expect(parameters.every(({ description }) => description !== '')).toBe(true);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(inPath);
    expect(examples.length).toBeGreaterThan(0);
  });

  it('names each operation and each path once', () => {
    for (const all of [OPERATIONS.map(({ id }) => id), OPERATIONS.map(({ path }) => path)]) {
      expect(new Set(all).size).toBe(all.length);
    }
  });
});

describe('the reference', () => {
  it('is that of the declarations (UPDATE_GOLDEN=1 writes it)', () => {
    const [head = ''] = readFileSync(FILE, 'utf8').split(MARK);
    const text = `${head}${MARK}\n${restReference()}`;
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(FILE, text);
    expect(readFileSync(FILE, 'utf8')).toBe(text);
  });

  it('is a page without script, and with nothing from elsewhere', () => {
    const page = referencePage();
    expect(page).not.toMatch(/<script|https?:\/\/(?!127\.0\.0\.1:8421)/);
    expect(PAGE_POLICY).toContain("default-src 'none'");
    for (const { id } of OPERATIONS) expect(page).toContain(`<section id="${id}">`);
  });
});
