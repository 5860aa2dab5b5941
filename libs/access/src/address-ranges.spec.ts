import { describe, expect, it } from '@jest/globals';
import { AddressRanges } from './address-ranges.js';
import { FailedAttempts } from './failed-attempts.js';

describe('ranges of addresses', () => {
  const parsed = AddressRanges.parse(['178.249.96.0/22', '2a03:6400::/32', '192.0.2.7']);
  if (!parsed.ok) throw new Error(parsed.wrong);

  it.each([
    ['178.249.96.0', true],
    ['178.249.99.255', true],
    ['178.249.100.0', false],
    ['::ffff:178.249.97.1', true],
    ['::ffff:9.9.9.9', false],
    ['178.249.97.1:4711', true],
    ['2a03:6400:1::1', true],
    ['[2a03:6400::1]:443', true],
    ['2a03:6401::1', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['', false],
    ['localhost', false],
    ['178.249.97.1, 9.9.9.9', false],
  ])('%s: %s', (address, want) => {
    expect(parsed.ranges.includes(address)).toBe(want);
  });

  it.each(['10.0.0.0/33', '10.0.0/8', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/-1', '::/129', 'example.org', ''])(
    '"%s" is none',
    (text) => {
      expect(AddressRanges.parse(['10.0.0.0/8', text])).toEqual({ ok: false, wrong: text });
    },
  );
});

describe('failed attempts', () => {
  it('are counted per address and minute', () => {
    let now = 0;
    const failed = new FailedAttempts(2, () => now);
    expect([1, 2, 3].map(() => failed.tooMany('192.0.2.1'))).toEqual([false, false, true]);
    expect(failed.tooMany('192.0.2.2')).toBe(false);
    now = 59_999;
    expect(failed.tooMany('::ffff:192.0.2.1')).toBe(true);
    now = 60_000;
    expect(failed.tooMany('192.0.2.1')).toBe(false);
  });

  it.each([
    { one: '2001:db8:1:2::1', other: '2001:db8:1:2:3:4:5:6', same: true },
    { one: '2001:db8::1', other: '2001:db8:0:0:ffff::', same: true },
    { one: '2001:db8:1:2::1', other: '2001:db8:1:3::1', same: false },
    { one: '192.0.2.1', other: '192.0.2.1:4711', same: true },
  ])('$one and $other are the same sender: $same', ({ one, other, same }) => {
    const failed = new FailedAttempts(1, () => 0);
    failed.tooMany(one);
    expect(failed.tooMany(other)).toBe(same);
  });

  it('of a million addresses are not all remembered', () => {
    const failed = new FailedAttempts(1, () => 0);
    for (let i = 0; i < 20_001; i += 1) failed.tooMany(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    expect(failed.tooMany('10.0.0.0')).toBe(false);
    expect(failed.tooMany('10.0.78.32')).toBe(true);
  });
});
