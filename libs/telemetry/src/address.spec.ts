import { describe, expect, it } from '@jest/globals';
import { isLoopback, withoutPassword } from './address.js';

describe('withoutPassword', () => {
  it.each([
    ['redis://u:secret@h:1/0', 'redis://u:***@h:1/0'],
    ['redis://h:1', 'redis://h:1'],
    ['://u:secret@h', '://***@h'],
    ['u:secret@h', '***@h'],
    ['redis://:secret@h', 'redis://:***@h'],
    ['redis://secret@h', 'redis://***@h'],
    ['redis://u:se@cret@h', 'redis://***@h'],
    ['redis://u:sec/ret@h', 'redis://***@h'],
    ['redis+sentinel://u:secret@a:1,b:2/m', 'redis+sentinel://u:***@a:1,b:2/m'],
    ['rediss+cluster://:secret@a:1,b:2?ca=/x', 'rediss+cluster://:***@a:1,b:2?ca=/x'],
    ['redis://h?password=secret', 'redis://h?***'],
    ['rediss://u:secret@h?ca=x&auth=secret', 'rediss://u:***@h?***'],
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
