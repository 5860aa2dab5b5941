import { expect, it } from '@jest/globals';
import { progressLine } from './progress.js';

it.each([
  { name: 'from standard input', share: null, want: '50,000 events, 25,000 per second' },
  { name: 'nothing read yet', share: 0, want: '50,000 events, 25,000 per second' },
  { name: 'a quarter', share: 0.25, want: '50,000 events, 25,000 per second, 25 %, 6 s left' },
  { name: 'a hundredth', share: 0.01, want: '50,000 events, 25,000 per second, 1 %, 3 min left' },
  { name: 'hardly anything', share: 0.0001, want: '50,000 events, 25,000 per second, 0 %, 5 h 33 min left' },
  { name: 'all', share: 1, want: '50,000 events, 25,000 per second, 100 %, 0 s left' },
])('tells after two seconds, $name', ({ share, want }) => {
  expect(progressLine(50_000, 2_000, share)).toBe(want);
});
