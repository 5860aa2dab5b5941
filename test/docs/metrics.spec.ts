import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { examples } from '../support/examples.js';
import { shippedCatalog } from '../support/shipped.js';

it('docs/metrics.md compares every shipped metric, and no other', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/metrics.md'), 'utf8');
  const told = [...text.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1] ?? '');
  const { definitions, tables } = examples();
  const shipped = [...shippedCatalog(definitions, tables).metrics.values()]
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('_'));
  expect(told.sort()).toEqual(shipped.sort());
});
