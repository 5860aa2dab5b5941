/** Below this a number is taken for seconds, from it on for milliseconds: the year 5138, or March 1973. */
const FIRST_MILLISECONDS = 100_000_000_000;

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** A time that a person wrote, in ms: RFC 3339, Unix seconds (with a fraction if need be) or Unix milliseconds; else null. */
export function parseInstant(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text);
    return number < FIRST_MILLISECONDS ? Math.round(number * 1000) : Math.round(number);
  }
  const instant = RFC_3339.test(text) ? Date.parse(text.toUpperCase().replace(' ', 'T')) : NaN;
  return Number.isNaN(instant) ? null : instant;
}
