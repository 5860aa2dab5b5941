import { describe, expect, it } from '@jest/globals';
import { formatCanonical, formatDouble, formatMicro, formatMillis } from './number-format.js';

describe('exact decimals from micro-units', () => {
  it.each([
    [0n, '0'],
    [1n, '0.000001'],
    [-1n, '-0.000001'],
    [333_333n, '0.333333'],
    [500_000n, '0.5'],
    [1_000_000n, '1'],
    [-1_500_000n, '-1.5'],
    [8_124_000n, '8.124'],
    [10_000_000n, '10'],
    [100_000_010n, '100.00001'],
    [9_223_372_036_854_775_807n, '9223372036854.775807'],
  ])('%s is %s', (micro, want) => {
    expect(formatMicro(micro)).toBe(want);
  });
});

describe('milliseconds as seconds', () => {
  it.each([
    [0, '0'],
    [1, '0.001'],
    [1_700_000_000_123, '1700000000.123'],
    [60_000, '60'],
  ])('%s is %s', (ms, want) => {
    expect(formatMillis(ms)).toBe(want);
  });
});

describe('doubles', () => {
  it.each([
    [0.1 + 0.2, '0.30000000000000004'],
    [-0, '0'],
    [1e21, '1e+21'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('%s is %s', (value, want) => {
    expect(formatDouble(value)).toBe(want);
  });
});

describe('canonical bounds of OpenMetrics', () => {
  it.each([
    [0, '0.0'],
    [5, '5.0'],
    [-5, '-5.0'],
    [0.25, '0.25'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1e-10, '1e-10'],
    [100_000, '100000.0'],
    [1_000_000, '1e+06'],
    [2_592_000, '2.592e+06'],
    [1e10, '1e+10'],
    [Number.POSITIVE_INFINITY, '+Inf'],
  ])('%s is %s', (bound, want) => {
    expect(formatCanonical(bound)).toBe(want);
  });
});
