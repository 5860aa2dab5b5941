import type { Definition } from '../definition/definitions.js';
import type { Findings, Position, Problem } from '../diagnostic.js';
import type { Zones } from '../expression/zones.js';
import { didYouMean } from '../nearest-name.js';
import type { CalendarBody } from '../source/schema.js';
import type { DayRange, OpeningHours } from './calendar.js';
import { parseDate, parseDays, parseRange, WEEKDAYS } from './written-hours.js';

/** A range of one weekday, and where it is written. */
interface WrittenRange extends DayRange {
  readonly text: string;
  readonly at: Position;
}

/** The hours of a calendar; null when something in it is wrong, which was reported. */
export function readHours(
  calendar: Definition<CalendarBody>,
  body: CalendarBody,
  zones: Zones,
  findings: Findings,
): OpeningHours | null {
  let isGood = true;
  const wrong = (at: Position, problem: Problem): void => {
    isGood = false;
    findings.error(at, problem);
  };
  if (!zones.exists(body.zone)) wrong(calendar.positionOf('zone'), unknownZone(body.zone));
  const week = readWeek(calendar, body, wrong);
  const closed = readClosed(calendar, body, wrong);
  return isGood ? { zone: body.zone, week, closed } : null;
}

type Report = (at: Position, problem: Problem) => void;

function unknownZone(zone: string): Problem {
  const remedy = "zones are named as in 'Europe/Berlin' or 'UTC'";
  return { code: 'unknown-zone', message: `there is no time zone "${zone}"`, remedy };
}

function readWeek(calendar: Definition<CalendarBody>, { open }: CalendarBody, wrong: Report): readonly DayRange[][] {
  const week: WrittenRange[][] = WEEKDAYS.map(() => []);
  for (const [days, written] of Object.entries(open)) {
    const weekdays = parseDays(days);
    if (weekdays === null) wrong(calendar.positionOfKey('open', days), unknownDays(days));
    const ranges = rangesAt(calendar, days, written, wrong);
    for (const weekday of weekdays ?? []) week[weekday]?.push(...ranges);
  }
  const ordered = week.map((ranges) => [...ranges].sort((a, b) => a.from - b.from));
  const overlaps = ordered.flatMap((ranges, weekday) => overlapsIn(ranges, WEEKDAYS[weekday] ?? ''));
  // The same on five days is one mistake.
  for (const [at, problem] of new Map(overlaps.reverse())) wrong(at, problem);
  return ordered.map((ranges) => ranges.map(({ from, to }) => ({ from, to })));
}

function unknownDays(days: string): Problem {
  return {
    code: 'bad-calendar',
    message: `"${days}" names no days of the week`,
    remedy: didYouMean(days, WEEKDAYS, 'write a day as in mon, or days as in mon-fri'),
  };
}

function rangesAt(
  calendar: Definition<CalendarBody>,
  days: string,
  written: string | readonly string[],
  wrong: Report,
): WrittenRange[] {
  const texts = typeof written === 'string' ? [written] : written;
  return texts.flatMap((text, index) => {
    const at = calendar.positionOf('open', days, ...(typeof written === 'string' ? [] : [index]));
    const range = parseRange(text);
    if (range !== null && range.from < range.to) return [{ ...range, text, at }];
    wrong(at, range === null ? noRange(text) : reversed(text));
    return [];
  });
}

function noRange(text: string): Problem {
  const remedy = 'write it as in "08:00-18:00"; a day ends at 24:00';
  return { code: 'bad-calendar', message: `"${text}" is no range of hours`, remedy };
}

function reversed(text: string): Problem {
  const remedy = 'what is open over midnight is written as two ranges: until 24:00, and from 00:00 of the next day';
  return { code: 'bad-calendar', message: `"${text}" ends before it begins`, remedy };
}

/** Of two ranges that overlap, the one that stands further down in the file is wrong. */
function overlapsIn(ranges: readonly WrittenRange[], weekday: string): readonly (readonly [Position, Problem])[] {
  return ranges.flatMap((range, index) => {
    const before = ranges[index - 1];
    if (before === undefined || before.to <= range.from) return [];
    const isBelow = range.at.line - before.at.line || range.at.col - before.at.col;
    const [first, second] = isBelow >= 0 ? [before, range] : [range, before];
    const message = `"${second.text}" overlaps "${first.text}" on ${weekday}`;
    const remedy = 'let the ranges of a day follow each other';
    return [[second.at, { code: 'bad-calendar', message, remedy }] as const];
  });
}

function readClosed(
  calendar: Definition<CalendarBody>,
  { closed = [] }: CalendarBody,
  wrong: Report,
): ReadonlySet<number> {
  const days = new Set<number>();
  closed.forEach((text, index) => {
    const at = calendar.positionOf('closed', index);
    const day = parseDate(text);
    if (day === null) wrong(at, noDate(text));
    else if (days.has(day)) wrong(at, listedTwice(text));
    else days.add(day);
  });
  return days;
}

function noDate(text: string): Problem {
  return {
    code: 'bad-calendar',
    message: `"${text}" is no date`,
    remedy: 'write a day that exists as in "2026-12-25"',
  };
}

function listedTwice(text: string): Problem {
  return { code: 'duplicate', message: `the day "${text}" is listed twice`, remedy: 'list it once' };
}
