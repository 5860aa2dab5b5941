import { describe, expect, it } from '@jest/globals';
import { labelText } from './index.js';

const SMILES = (count: number): string => '\u{1F600}'.repeat(count);

describe('a label value', () => {
  it.each([
    ['is kept up to 128 characters', 'x'.repeat(128)],
    ['is measured in characters, not in halves of them', SMILES(128)],
    ['may be empty', ''],
  ])('%s', (_, text) => {
    expect(labelText(text)).toBe(text);
  });

  it('is cut to 128 characters beyond that, and never within one', () => {
    expect(labelText('x'.repeat(129))).toMatch(/^x{111}~[0-9a-f]{16}$/);
    expect(labelText(`x${SMILES(128)}`)).toMatch(/^x\u{1F600}{110}~[0-9a-f]{16}$/u);
  });

  it('never merges with another that begins alike', () => {
    const texts = ['', 'a', 'b', 'ab'].map((end) => labelText('x'.repeat(200) + end));
    expect(new Set(texts).size).toBe(texts.length);
  });
});
