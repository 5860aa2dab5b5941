/** A time of a test as a text: `60s`, `1.5s`, `1m30s`, `2d`. */
export const TIME_TEXT =
  /^(?=.)(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/;

/** The greatest time of a test as a number of seconds: some hundred years. */
export const GREATEST_TIME = 4e9;

const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1000, 1];

/** A time of a test in ms: a number of seconds or a {@link TIME_TEXT}; null when the text is none. */
export function parseTestTime(value: string | number): number | null {
  if (typeof value === 'number') return Math.round(value * 1000);
  const parts = TIME_TEXT.exec(value);
  if (parts === null) return null;
  return Math.round(UNITS_MS.reduce((sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * unit, 0));
}

/** A time of a test as a text: `90.5s`. */
export function formatTestTime(ms: number): string {
  return `${ms / 1000}s`;
}
