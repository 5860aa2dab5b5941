import { z } from 'zod';
import type { QuarantineReason } from './outcome.js';

/** The longest id taken, in UTF-16 units. A longer one is refused, since cutting would merge two ids. */
export const ID_LIMIT = 256;

/** The longest text for display that is kept, in UTF-16 units. */
export const TEXT_LIMIT = 1024;

/** Longer than any number; keeps a hostile text of digits from costing time. */
const NUMERAL_LIMIT = 40;

/** Control characters, and halves of characters that no UTF-8 store can keep apart. */
const UNFIT_FOR_ID = /[\p{Cc}\p{Cs}]/u;

const scalar = z.union([z.string(), z.number()], { error: 'is neither a text nor a number' }).nullish();

type Issues = z.core.ParsePayload['issues'];

/** An opaque id. It may come as a whole number as long as none of its digits can have been lost; blank is null. */
export const id = scalar.transform((value, { issues }): string | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return idOfNumber(value, issues);
  if (value.trim() === '') return null;
  if (value.length > ID_LIMIT) return refuse(issues, `is longer than ${ID_LIMIT} characters`);
  if (UNFIT_FOR_ID.test(value)) return refuse(issues, 'holds a control character or half a character');
  return value;
});

function idOfNumber(value: number, issues: Issues): null | string {
  if (Number.isSafeInteger(value)) return String(value);
  return Number.isInteger(value)
    ? refuse(issues, 'is a number beyond 2^53, whose last digits are lost', 'unsafe-number')
    : refuse(issues, 'is a fraction');
}

/** A text for display: blank is null, and half a character is replaced, so that it survives UTF-8. Its length is not limited here. */
export const text = scalar.transform((value): string | null => {
  if (value === null || value === undefined) return null;
  const written = String(value);
  return written.trim() === '' ? null : written.replaceAll(/\p{Cs}/gu, '\ufffd');
});

/** An instant in milliseconds, or a whole number at least; a fraction of a millisecond is dropped. */
export const long = scalar.transform((value, { issues }): number | null => {
  const number = numberOf(value, issues);
  if (number === null) return null;
  const whole = Math.trunc(number);
  return Number.isSafeInteger(whole) ? whole : refuse(issues, 'is beyond 2^53');
});

/** A quantity. LivePerson writes "no data" as -1, so what is negative is no value. */
export const amount = scalar.transform((value, { issues }): number | null => {
  const number = numberOf(value, issues);
  if (number === null || number < 0) return null;
  return number === 0 ? 0 : number;
});

/** A truth value, or its name in any letter case. */
export const flag = z
  .union([z.boolean(), z.string()], { error: 'is neither true nor false' })
  .nullish()
  .transform((value, { issues }): boolean | null => {
    if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
    const word = value.trim().toLowerCase();
    if (word === '') return null;
    return word === 'true' || (word === 'false' ? false : refuse(issues, 'is neither true nor false'));
  });

function numberOf(value: string | number | null | undefined, issues: Issues): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return value;
  const numeral = value.trim();
  if (numeral === '') return null;
  const number = numeral.length <= NUMERAL_LIMIT && /^[-+.\deE]+$/.test(numeral) ? Number(numeral) : NaN;
  return Number.isFinite(number) ? number : refuse(issues, 'is not a number');
}

/** Reports why the value cannot stand, never the value: it may be personal. */
function refuse(issues: Issues, message: string, reason: QuarantineReason = 'bad-field'): null {
  issues.push({ code: 'custom', message, input: undefined, params: { reason } });
  return null;
}
