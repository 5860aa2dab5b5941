import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { DIAGNOSTIC_CODES } from './index.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));

it('has every code shown by some test or faulty file, and shows no other', () => {
  const specs = readdirSync(HERE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.spec.ts'));
  const faults = `${HERE}../testdata/faulty/`;
  const said = readdirSync(faults).filter((file) => file.endsWith('.txt'));
  const files = [...specs.map((file) => `${HERE}${file}`), ...said.map((file) => `${faults}${file}`)];
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  const shown = texts.flatMap((text) => [...text.matchAll(/\b[a-z]+(?:\.yaml)?:\d+:\d+: ([a-z-]+): /g)]);
  expect([...new Set(shown.map((match) => match[1]))].sort()).toEqual(Object.keys(DIAGNOSTIC_CODES).sort());
});
