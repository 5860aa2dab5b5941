import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { DIAGNOSTIC_CODES } from './index.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));

it('has every code shown by some test, and shows no other', () => {
  const specs = readdirSync(HERE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.spec.ts'));
  const texts = specs.map((file) => readFileSync(`${HERE}${file}`, 'utf8'));
  const shown = texts.flatMap((text) => [...text.matchAll(/\b[a-z]+(?:\.yaml)?:\d+:\d+: ([a-z-]+): /g)]);
  expect([...new Set(shown.map((match) => match[1]))].sort()).toEqual(Object.keys(DIAGNOSTIC_CODES).sort());
});
