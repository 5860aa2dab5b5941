import { type FunctionSpec, strict } from './function-spec.js';
import { constantValue, converted, isNumeric } from './term.js';
import type { Zones } from './zones.js';

/** Functions of times. */
export const TIME_FUNCTIONS: readonly FunctionSpec[] = [
  zoned('hour_of', 'The hour of the day, 0 to 23, as clocks in the zone show it.', (zones, ms, zone) =>
    zones.hourOf(ms, zone),
  ),
  zoned('weekday_of', 'The day of the week in the zone: 1 is Monday, 7 is Sunday.', (zones, ms, zone) =>
    zones.weekdayOf(ms, zone),
  ),
];

/** A part of a time as clocks in a zone show it. A zone that does not exist has no result; a constant one is refused. */
function zoned(
  name: string,
  meaning: string,
  partOf: (zones: Zones, ms: number, zone: string) => number | null,
): FunctionSpec {
  return {
    name,
    usage: `${name}(time, 'Europe/Berlin')`,
    meaning,
    form: 'call',
    least: 2,
    most: 2,
    plan: ([time, zone], { vocabulary: { zones } }) => {
      if (time === undefined || !isNumeric(time.type)) return { problem: `${name}() takes a time, and % is none` };
      if (zone === undefined || (zone.type !== 'string' && zone.type !== 'null')) {
        return { argument: 1, problem: `${name}() takes the name of a time zone, and % is none` };
      }
      const constant = zone.constant ? constantValue(zone) : undefined;
      if (typeof constant === 'string' && !zones.exists(constant)) {
        const problem = 'there is no time zone %';
        return { argument: 1, code: 'unknown-zone', problem, remedy: "zones are named as in 'Europe/Berlin' or 'UTC'" };
      }
      return strict('number', [{ ...time, run: converted(time, 'time') }, zone], ([ms, name]) =>
        typeof ms === 'number' && typeof name === 'string' ? (partOf(zones, ms, name) ?? undefined) : undefined,
      );
    },
  };
}
