import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Calendar, createCalendar } from './calendar.js';
import { parseDate, parseDays, parseRange } from './written-hours.js';

/** A calendar from hours as they are written in YAML. */
function calendar(
  zone: string,
  open: Readonly<Record<string, readonly string[]>>,
  closed: readonly string[] = [],
): Calendar {
  const week = Array.from({ length: 7 }, (_, weekday) =>
    Object.entries(open)
      .filter(([days]) => parseDays(days)?.includes(weekday))
      .flatMap(([, texts]) => texts.flatMap((text) => parseRange(text) ?? [])),
  );
  return createCalendar({ zone, week, closed: new Set(closed.flatMap((text) => parseDate(text) ?? [])) });
}

const HOUR = 3_600_000;

const CALENDARS = {
  office: calendar('Europe/Berlin', { 'mon-fri': ['08:00-18:00'] }, ['2026-12-25']),
  split: calendar('Europe/Berlin', { 'mon-thu': ['08:00-12:00', '13:00-17:30'], fri: ['08:00-12:00'] }),
  always: calendar('Europe/Berlin', { 'mon-sun': ['00:00-24:00'] }),
  night: calendar('America/New_York', { 'sat-sun': ['01:00-04:00'] }),
  gap: calendar('America/New_York', { sun: ['02:15-02:45'] }),
  twice: calendar('America/New_York', { sun: ['00:30-01:30'] }),
  later: calendar('America/New_York', { sun: ['01:30-03:00'] }),
  newYork: calendar('America/New_York', { 'mon-sun': ['00:00-24:00'] }),
  chatham: calendar('Pacific/Chatham', { 'mon-sun': ['09:00-17:00'] }),
  apia: calendar('Pacific/Apia', { 'mon-sun': ['09:00-17:00'] }),
  havana: calendar('America/Havana', { 'mon-sun': ['00:00-24:00'] }),
  never: calendar('UTC', {}),
  shut: calendar('UTC', { thu: ['10:00-11:00'] }),
} as const;

type Name = keyof typeof CALENDARS;

describe('elapsed', () => {
  it.each<[name: Name, what: string, from: string, to: string, hours: number | null]>([
    ['office', 'within a day', '2026-03-02T09:00+01:00', '2026-03-02T11:30+01:00', 2.5],
    ['office', 'over the evening', '2026-03-02T17:00+01:00', '2026-03-03T09:00+01:00', 2],
    ['office', 'over the weekend', '2026-03-06T17:00+01:00', '2026-03-09T09:00+01:00', 2],
    ['office', 'all closed', '2026-03-07T09:00+01:00', '2026-03-08T18:00+01:00', 0],
    ['office', 'from before to after', '2026-03-02T00:00+01:00', '2026-03-02T23:00+01:00', 10],
    ['office', 'nothing', '2026-03-02T09:00+01:00', '2026-03-02T09:00+01:00', 0],
    ['office', 'backwards', '2026-03-03T09:00+01:00', '2026-03-02T17:00+01:00', -2],
    ['office', 'backwards, all closed', '2026-03-08T09:00+01:00', '2026-03-07T18:00+01:00', 0],
    ['office', 'over a closed day', '2026-12-24T17:00+01:00', '2026-12-28T09:00+01:00', 2],
    ['office', 'on a closed day', '2026-12-25T00:00+01:00', '2026-12-26T00:00+01:00', 0],
    ['office', 'seen from another zone', '2026-03-02T00:00-08:00', '2026-03-02T09:30-08:00', 9],
    ['office', 'a year', '2026-01-01T00:00+01:00', '2027-01-01T00:00+01:00', 260 * 10],
    ['split', 'over lunch', '2026-03-02T11:00+01:00', '2026-03-02T14:00+01:00', 2],
    ['split', 'a week', '2026-03-02T00:00+01:00', '2026-03-09T00:00+01:00', 4 * 8.5 + 4],
    ['always', 'a day in spring has 23 hours', '2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00', 23],
    ['always', 'a day in autumn has 25', '2026-10-25T00:00+02:00', '2026-10-26T00:00+01:00', 25],
    ['newYork', 'a day in spring has 23 hours', '2026-03-08T00:00-05:00', '2026-03-09T00:00-04:00', 23],
    ['newYork', 'a day in autumn has 25', '2026-11-01T00:00-04:00', '2026-11-02T00:00-05:00', 25],
    ['night', '01:00 to 04:00 are two hours in spring', '2026-03-08T00:00-05:00', '2026-03-08T12:00-04:00', 2],
    ['night', 'and four in autumn', '2026-11-01T00:00-04:00', '2026-11-01T12:00-05:00', 4],
    ['night', 'three on any other Sunday', '2026-11-08T00:00-05:00', '2026-11-08T12:00-05:00', 3],
    ['gap', 'hours that are skipped are none', '2026-03-08T00:00-05:00', '2026-03-09T00:00-04:00', 0],
    ['gap', 'and are there a week later', '2026-03-15T00:00-04:00', '2026-03-16T00:00-04:00', 0.5],
    ['twice', 'what comes twice ends when it first comes', '2026-11-01T00:00-04:00', '2026-11-02T00:00-05:00', 1],
    ['later', 'and begins when it first comes', '2026-11-01T00:00-04:00', '2026-11-02T00:00-05:00', 2.5],
    ['chatham', 'a zone of 45 minutes', '2026-09-26T00:00Z', '2026-09-28T00:00Z', 4.25 + 8 + 4.75],
    ['apia', 'a date that never was', '2011-12-29T08:00-10:00', '2011-12-31T18:00+14:00', 16],
    ['havana', 'clocks put back at midnight', '2026-10-31T00:00-04:00', '2026-11-02T00:00-05:00', 49],
    ['never', 'never open', '2026-01-01T00:00Z', '2026-06-01T00:00Z', 0],
    ['office', 'eleven years', '2026-01-01T00:00Z', '2037-01-01T00:00Z', null],
    ['office', 'before time zones', '1815-01-01T00:00Z', '1815-01-02T00:00Z', null],
  ])('of %s: %s', (...[name, , from, to, hours]) => {
    const open = CALENDARS[name].elapsed(Date.parse(from), Date.parse(to));
    expect(open === null ? null : open / HOUR).toBe(hours);
  });
});

describe('after', () => {
  it.each<[name: Name, what: string, from: string, hours: number, want: string | null]>([
    ['office', 'within a day', '2026-03-02T09:00+01:00', 2.5, '2026-03-02T11:30+01:00'],
    ['office', 'over the evening', '2026-03-02T17:00+01:00', 2, '2026-03-03T09:00+01:00'],
    ['office', 'to the close, not to the next opening', '2026-03-02T17:00+01:00', 1, '2026-03-02T18:00+01:00'],
    ['office', 'from a weekend', '2026-03-07T12:00+01:00', 1, '2026-03-09T09:00+01:00'],
    ['office', 'over a closed day', '2026-12-24T17:30+01:00', 1, '2026-12-28T08:30+01:00'],
    ['office', 'nothing, when closed', '2026-03-07T12:00+01:00', 0, '2026-03-07T12:00+01:00'],
    ['office', 'back over the evening', '2026-03-03T09:00+01:00', -2, '2026-03-02T17:00+01:00'],
    ['office', 'back to an opening', '2026-03-03T09:00+01:00', -1, '2026-03-03T08:00+01:00'],
    ['office', 'a thousand days', '2026-03-02T08:00+01:00', 10_000, '2029-12-31T18:00+01:00'],
    ['split', 'over lunch', '2026-03-02T11:00+01:00', 1.5, '2026-03-02T13:30+01:00'],
    ['split', 'back over lunch', '2026-03-02T13:30+01:00', -1.5, '2026-03-02T11:00+01:00'],
    ['always', 'a day in spring', '2026-03-28T12:00+01:00', 24, '2026-03-29T13:00+02:00'],
    ['always', 'a day in autumn', '2026-10-24T12:00+02:00', 24, '2026-10-25T11:00+01:00'],
    ['night', 'the second hour of 01:30 in autumn', '2026-11-01T00:00-04:00', 1.5, '2026-11-01T01:30-05:00'],
    ['night', 'the hours of spring', '2026-03-08T00:00-05:00', 1.5, '2026-03-08T03:30-04:00'],
    ['never', 'never open', '2026-01-01T00:00Z', 1, null],
    ['never', 'never open, back', '2026-01-01T00:00Z', -1, null],
    ['never', 'never open, nothing', '2026-01-01T00:00Z', 0, '2026-01-01T00:00Z'],
    ['shut', 'more than ten years hold', '2026-01-01T00:00Z', 600, null],
    ['shut', 'more than ten years hold, back', '2026-01-01T00:00Z', -600, null],
  ])('of %s: %s', (...[name, , from, hours, want]) => {
    const time = CALENDARS[name].after(Date.parse(from), hours * HOUR);
    expect(time === null ? null : new Date(time).toISOString()).toBe(
      want === null ? null : new Date(want).toISOString(),
    );
  });
});

const OPEN = Object.entries(CALENDARS).filter(([name]) => name !== 'never' && name !== 'gap');

const time = fc.integer({ min: Date.UTC(2010, 0, 1), max: Date.UTC(2040, 0, 1) });

describe('open time', () => {
  it('elapses in full after it has passed', () => {
    const length = fc.integer({ min: -40 * HOUR, max: 40 * HOUR });
    fc.assert(
      fc.property(fc.constantFrom(...OPEN), time, length, ([, hours], t, ms) => {
        const later = hours.after(t, ms);
        expect(later).not.toBeNull();
        expect(hours.elapsed(t, later ?? 0)).toBe(ms);
        // No earlier time will do, nor a later one when it is counted back.
        if (ms !== 0) expect(hours.elapsed(t, (later ?? 0) - Math.sign(ms))).toBe(ms - Math.sign(ms));
      }),
    );
  });

  it('adds up, and is never more than time itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OPEN), time, fc.nat(90 * 24 * HOUR), fc.nat(90 * 24 * HOUR), (named, t, a, b) => {
        const [, hours] = named;
        const [first, second] = [hours.elapsed(t, t + a) ?? NaN, hours.elapsed(t + a, t + a + b) ?? NaN];
        expect(first + second).toBe(hours.elapsed(t, t + a + b));
        expect(first).toBeGreaterThanOrEqual(0);
        expect(first).toBeLessThanOrEqual(a);
        expect(hours.elapsed(t + a, t)).toBe(0 - first);
      }),
    );
  });

  it('follows the clocks of the zone minute by minute', () => {
    const wall = new Intl.DateTimeFormat('en-US', {
      timeZone: 'Europe/Berlin',
      weekday: 'short',
      hour: '2-digit',
      hourCycle: 'h23',
    });
    fc.assert(
      fc.property(time, (t) => {
        const minute = Math.floor(t / 60_000) * 60_000;
        const parts = wall.format(minute);
        const isOpen = !/Sat|Sun/.test(parts) && /\b(08|09|1[0-7])\b/.test(parts);
        const isChristmas = new Date(minute + HOUR).toISOString().startsWith('2026-12-25');
        expect(CALENDARS.office.elapsed(minute, minute + 60_000)).toBe(isOpen && !isChristmas ? 60_000 : 0);
      }),
    );
  });
});
