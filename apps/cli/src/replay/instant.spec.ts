import { describe, expect, it } from '@jest/globals';
import { parseInstant } from './instant.js';

describe('a time that a person wrote', () => {
  it.each([
    { text: '2026-03-02T18:00:00Z', want: 1772474400000 },
    { text: '2026-03-02t18:00:00.250z', want: 1772474400250 },
    { text: '2026-03-02 19:00:00+01:00', want: 1772474400000 },
    { text: '1772474400', want: 1772474400000 },
    { text: '1772474400.25', want: 1772474400250 },
    { text: '1772474400000', want: 1772474400000 },
    { text: '0', want: 0 },
    { text: '2026-03-02', want: null },
    { text: '2026-03-02T18:00:00', want: null },
    { text: '2026-13-02T18:00:00Z', want: null },
    { text: 'tomorrow', want: null },
    { text: '-5', want: null },
    { text: '', want: null },
  ])('$text is $want', ({ text, want }) => {
    expect(parseInstant(text)).toBe(want);
  });
});
