import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hash128 } from './index.js';

describe('the 128-bit hash', () => {
  it.each([
    ['nothing', '', '00000000000000000000000000000000'],
    ['one character', 'a', '0e8ff0974247a279105cc0d47440e91d'],
    ['two characters', 'ab', '45bd4ec18c2d8f2652288175bdec19d4'],
    ['one whole block', '12345678', 'cd5257f119425a79594aac4c7b4e2e1e'],
    ['a block and a character', '123456789', 'eeed8229ed912ab0333c3f01658ad9b7'],
    ['an entity key', 'agent:8:12345678a1', 'e447585ffb03590e45a145f6f5df519d'],
    ['what is not Latin', '漢字 😀', 'bc1d7f6e71ce1a5b3e9376e6da59b75f'],
    ['many blocks', 'x'.repeat(1000), '17e7bed8140e4f7eb4bbf540cd587a8b'],
  ])('of %s stays what it was: partitions and marks outlive a deployment', (_what, text, want) => {
    expect(hash128(text)).toBe(want);
  });

  it('is 32 hex digits, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(hash128(text)).toMatch(/^[0-9a-f]{32}$/)));
  });

  it('depends on the seed', () => {
    expect(hash128('a', 1)).toBe('01536fe8e36fa139da787103335cd8e1');
  });

  it('tells apart texts of every length, also where only null characters differ', () => {
    const texts = Array.from({ length: 100 }, (_, length) => [
      '\0'.repeat(length),
      'a'.repeat(length + 1),
      'a'.repeat(length) + 'b',
    ]).flat();
    expect(new Set(texts.map((text) => hash128(text))).size).toBe(new Set(texts).size);
  });

  it('has no collision among 100 000 similar identities', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 100_000; i += 1) seen.add(hash128(`conversation:MessageAgentEvent:8:12345678${i}:u-${i % 7}`));
    expect(seen.size).toBe(100_000);
  });

  it('has none in either half, so that any 64 bits of it spread as well', () => {
    const halves = [new Set<string>(), new Set<string>()] as const;
    for (let i = 0; i < 50_000; i += 1) {
      const hash = hash128(`agent:8:12345678${i}`);
      halves[0].add(hash.slice(0, 16));
      halves[1].add(hash.slice(16));
    }
    expect(halves.map((half) => half.size)).toEqual([50_000, 50_000]);
  });

  it.each([2, 3, 8, 16])('spreads entities evenly over %i partitions', (partitions) => {
    const entities = 40_000;
    const counts = new Array<number>(partitions).fill(0);
    for (let i = 0; i < entities; i += 1) {
      const partition = Number.parseInt(hash128(`conversation:8:12345678${i}`).slice(0, 8), 16) % partitions;
      counts[partition]! += 1;
    }
    // Five standard deviations of a fair draw.
    const slack = 5 * Math.sqrt((entities / partitions) * (1 - 1 / partitions));
    for (const count of counts) expect(Math.abs(count - entities / partitions)).toBeLessThan(slack);
  });

  it('changes about half of its bits with one bit of the text', () => {
    const changed: number[] = [];
    for (let i = 0; i < 500; i += 1) {
      const text = `conversation:8:12345678c-${i}`;
      const at = i % text.length;
      const flipped =
        text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (i % 7))) + text.slice(at + 1);
      changed.push(differingBits(hash128(text), hash128(flipped)));
    }
    const mean = changed.reduce((sum, bits) => sum + bits, 0) / changed.length;
    expect(Math.abs(mean - 64)).toBeLessThan(2);
    expect(Math.min(...changed)).toBeGreaterThan(32);
  });
});

function differingBits(one: string, other: string): number {
  const difference = BigInt(`0x${one}`) ^ BigInt(`0x${other}`);
  return difference.toString(2).replaceAll('0', '').length;
}
