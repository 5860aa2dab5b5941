import { describe, expect, it } from '@jest/globals';
import { CALM_EVENTS, FairPace, MOST_PAUSE_MS } from './fair-pace.js';

/** The pause of the last of these, when each account stored so many events at a second. */
function pauseAfter(backlog: number, stored: readonly (readonly [second: number, account: string, events: number])[]) {
  let now = 0;
  const pace = new FairPace(() => now);
  pace.backlog = backlog;
  let pause = 0;
  for (const [second, account, events] of stored) {
    now = second * 1_000;
    pause = pace.pauseFor(account, events);
  }
  return pause;
}

const MUCH = 2 * CALM_EVENTS;

describe('the 200 of an account', () => {
  it.each<[story: string, backlog: number, stored: Parameters<typeof pauseAfter>[1], want: number]>([
    [
      'comes at once while little waits',
      CALM_EVENTS,
      [
        [0, 'quiet', 1],
        [0, 'loud', 99],
      ],
      0,
    ],
    ['comes at once when nobody else sends', MUCH, [[0, 'loud', 99]], 0],
    [
      'comes at once when it sends less than its share',
      MUCH,
      [
        [0, 'loud', 99],
        [0, 'quiet', 1],
      ],
      0,
    ],
    [
      'comes at once when all send alike',
      MUCH,
      [
        [0, 'a', 5],
        [0, 'b', 5],
      ],
      0,
    ],
    [
      'is held back by how far it is above its share',
      MUCH,
      [
        [0, 'quiet', 1],
        [0, 'loud', 99],
      ],
      MOST_PAUSE_MS * (1 - 50 / 99),
    ],
    [
      'is held back less when less waits',
      1.5 * CALM_EVENTS,
      [
        [0, 'quiet', 1],
        [0, 'loud', 3],
      ],
      (MOST_PAUSE_MS / 2) * (1 - 2 / 3),
    ],
    [
      'counts the last ten seconds',
      MUCH,
      [
        [0, 'loud', 1_000],
        [9, 'quiet', 1],
        [10, 'loud', 1],
      ],
      0,
    ],
    [
      'counts all of them',
      MUCH,
      [
        [1, 'loud', 99],
        [9, 'quiet', 1],
        [10, 'loud', 0],
      ],
      MOST_PAUSE_MS * (1 - 50 / 99),
    ],
  ])('%s', (_story, backlog, stored, want) => {
    expect(pauseAfter(backlog, stored)).toBeCloseTo(want, 6);
  });
});
