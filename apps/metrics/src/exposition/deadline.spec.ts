import { describe, expect, it } from '@jest/globals';
import { patienceOf, TooSlow, until } from './deadline.js';

describe('how long a scraper waits', () => {
  it.each([
    { header: undefined, want: 30_000 },
    { header: '10', want: 10_000 },
    { header: '0.5', want: 500 },
    { header: '9999', want: 120_000 },
    { header: '0', want: 30_000 },
    { header: '-3', want: 30_000 },
    { header: 'soon', want: 30_000 },
    { header: ['1', '2'], want: 30_000 },
  ])('$header', ({ header, want }) => {
    expect(patienceOf(header)).toBe(want);
  });
});

describe('a deadline', () => {
  it('lets pass what comes in time', async () => {
    async function* source(): AsyncGenerator<number> {
      yield 1;
      yield 2;
    }
    const got: number[] = [];
    for await (const one of until(new AbortController().signal, source())) got.push(one);
    expect(got).toEqual([1, 2]);
  });

  it('ends the wait for what never comes', async () => {
    const deadline = new AbortController();
    async function* source(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => undefined);
    }
    const got = until(deadline.signal, source());
    expect(await got.next()).toEqual({ done: false, value: 1 });
    const next = got.next();
    deadline.abort();
    await expect(next).rejects.toThrow(TooSlow);
  });

  it('ends the source when nobody wants more', async () => {
    let ended = false;
    async function* source(): AsyncGenerator<number> {
      try {
        yield 1;
        yield 2;
      } finally {
        ended = true;
      }
    }
    const got = until(new AbortController().signal, source());
    await got.next();
    await got.return();
    expect(ended).toBe(true);
  });
});
