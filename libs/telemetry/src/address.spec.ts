import { describe, expect, it } from '@jest/globals';
import { isLoopback, withoutPassword } from './address.js';

describe('withoutPassword', () => {
  it.each([
    ['redis://u:secret@h:1/0', 'redis://u:***@h:1/0'],
    ['redis://h:1', 'redis://h:1'],
    ['://u:secret@h', '://***@h'],
  ])('%s is shown as %s', (address, want) => {
    expect(withoutPassword(address)).toBe(want);
  });
});

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.0.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.0.0.1.example.org', false],
  ])('%s: %s', (host, want) => {
    expect(isLoopback(host)).toBe(want);
  });
});
