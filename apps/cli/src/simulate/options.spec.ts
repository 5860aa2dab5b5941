import { describe, expect, it } from '@jest/globals';
import { fileStart, liveStart } from './options.js';

const at = (text: string): number => Date.parse(text);

describe('when a run begins', () => {
  it.each([
    { now: '2026-05-04T10:00:00Z', duration: 600_000, want: '2026-05-04T09:00:00Z' },
    { now: '2026-05-04T10:05:00Z', duration: 600_000, want: '2026-05-04T09:00:00Z' },
    { now: '2026-05-04T10:59:59Z', duration: 600_000, want: '2026-05-04T09:00:00Z' },
    { now: '2026-05-04T10:30:00Z', duration: 3_600_000, want: '2026-05-04T09:00:00Z' },
    { now: '2026-05-04T10:30:00Z', duration: 3_600_001, want: '2026-05-04T08:00:00Z' },
  ])('a file of $duration ms, written at $now, begins at $want', ({ now, duration, want }) => {
    expect(fileStart(at(now), duration)).toBe(at(want));
  });

  it.each([
    { name: 'now', durationMs: Infinity, speed: 1, want: 1_000_000 },
    { name: 'now, when slower', durationMs: 60_000, speed: 0.5, want: 1_000_000 },
    { name: 'so early that it ends now, when faster', durationMs: 60_000, speed: 6, want: 950_000 },
    { name: 'at no time, when faster without an end', durationMs: Infinity, speed: 6, want: null },
  ])('a live run begins $name', ({ durationMs, speed, want }) => {
    expect(liveStart(1_000_000, durationMs, speed)).toBe(want);
  });
});
