import { expect, it } from '@jest/globals';
import { askedText } from './asked.js';

const WANTED = {
  metrics: ['m'],
  from: 0,
  to: 9,
  step: 1,
  out: 'o',
  archive: undefined,
  extent: { toDate: '2026-03-02' },
};
const UNDER = { holdMs: 250, personalData: true, partitions: 8, archive: '/archive', catalog: 'f' };

it.each([
  { wanted: { metrics: ['m', 'n'] } },
  { wanted: { from: 1 } },
  { wanted: { to: 8 } },
  { wanted: { step: 2 } },
  { wanted: { extent: { toDate: '2026-03-02', account: '84731' } } },
  { wanted: { extent: { toDate: '2026-03-03' } } },
  { under: { holdMs: 0 } },
  { under: { personalData: false } },
  { under: { partitions: 4 } },
  { under: { archive: 's3://other' } },
  { under: { catalog: 'g' } },
])('a file that was begun is not gone on with for %o', ({ wanted = {}, under = {} }) => {
  expect(askedText({ ...WANTED, ...wanted }, { ...UNDER, ...under })).not.toBe(askedText(WANTED, UNDER));
});

it('is gone on with for the same, wherever it stands', () => {
  expect(askedText({ ...WANTED, out: 'elsewhere', archive: '/archive' }, UNDER)).toBe(askedText(WANTED, UNDER));
});
