import { InvalidArgumentError } from 'commander';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration such as `90s`, `10m` or `1h30m`, in ms; a bare number is seconds. */
export function parseDuration(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1_000);
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) {
    throw new InvalidArgumentError('Write a duration such as 90s, 10m or 1h30m.');
  }
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) {
    total += Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  return Math.round(total);
}

/** A duration, or `never`: Infinity. */
export function parseWait(text: string): number {
  return text === 'never' ? Infinity : parseDuration(text);
}

/** A share such as `20%` or `0.2`, from 0 to 1. */
export function parseShare(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
  const share = match === null ? NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (!(share >= 0 && share <= 1)) throw new InvalidArgumentError('Write a share such as 20% or 0.2.');
  return share;
}

/** A number above 0. */
export function parsePositive(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number < Infinity)) throw new InvalidArgumentError('Write a number above 0.');
  return number;
}

/** A whole number above 0. */
export function parseCount(text: string): number {
  const number = Number(text);
  if (!(number > 0 && Number.isSafeInteger(number))) throw new InvalidArgumentError('Write a whole number above 0.');
  return number;
}

/** A whole number, for a seed. */
export function parseSeed(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(number)) throw new InvalidArgumentError('Write a whole number.');
  return number;
}

/** Milliseconds from 0 to a minute. */
export function parseMilliseconds(text: string): number {
  const match = /^(\d+)(ms)?$/.exec(text);
  const ms = match === null ? NaN : Number(match[1]);
  if (!(ms <= 60_000)) throw new InvalidArgumentError('Write milliseconds, 0 to 60000.');
  return ms;
}

/** An instant in RFC 3339, in Unix ms. */
export function parseInstant(text: string): number {
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i.test(text);
  const instant = isWhole ? Date.parse(text) : NaN;
  if (Number.isNaN(instant)) throw new InvalidArgumentError('Write a time such as 2026-05-04T09:00:00Z.');
  return instant;
}

/** An address of http or https. */
export function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Write an address such as http://127.0.0.1:8420/v1/events/liveperson.');
  }
  return url;
}
