/** The clock of the world's time zones. */
export interface Zones {
  /** 0–23, or null when there is no such zone or instant. */
  hourOf(ms: number, zone: string): number | null;
  /** 1 = Monday … 7 = Sunday, or null. */
  weekdayOf(ms: number, zone: string): number | null;
  exists(zone: string): boolean;
}

interface ZoneFormats {
  readonly hour: Intl.DateTimeFormat;
  readonly weekday: Intl.DateTimeFormat;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The greatest instant that a date can have (ms). */
const GREATEST_MS = 8.64e15;

/** Zone names may come from data: more than the world has would only fill the memory. */
const MOST_ZONES = 1000;

/** Creates the zones; formats are kept, because making one is slow. */
export function createZones(): Zones {
  const known = new Map<string, ZoneFormats | null>();
  const formatsOf = (zone: string): ZoneFormats | null => {
    const found = known.get(zone);
    if (found !== undefined) return found;
    if (known.size >= MOST_ZONES) known.clear();
    const made = makeFormats(zone);
    known.set(zone, made);
    return made;
  };
  const format = (ms: number, zone: string, which: keyof ZoneFormats): string | null => {
    const formats = Math.abs(ms) <= GREATEST_MS ? formatsOf(zone) : null;
    return formats === null ? null : formats[which].format(ms);
  };
  return {
    exists: (zone) => formatsOf(zone) !== null,
    hourOf: (ms, zone) => {
      const text = format(ms, zone, 'hour');
      return text === null ? null : Number(text);
    },
    weekdayOf: (ms, zone) => {
      const text = format(ms, zone, 'weekday');
      return text === null ? null : WEEKDAYS.indexOf(text) + 1;
    },
  };
}

function makeFormats(timeZone: string): ZoneFormats | null {
  try {
    return {
      hour: new Intl.DateTimeFormat('en-US', { timeZone, hour: '2-digit', hourCycle: 'h23' }),
      weekday: new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' }),
    };
  } catch {
    return null;
  }
}
