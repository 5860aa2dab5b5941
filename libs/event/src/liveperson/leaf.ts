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

const HALF_CHARACTER = /\p{Cs}/u;
const EACH_HALF_CHARACTER = /\p{Cs}/gu;

/** Decimal numbers only: no hexadecimal, no Infinity. */
const NUMERAL = /^[-+.\deE]+$/;

const NOT_SCALAR = 'is neither a text nor a number';

type Issues = z.core.ParsePayload['issues'];

/** An opaque id. It may come as a whole number as long as none of its digits can have been lost; blank is null. */
export const id = z.transform((value: unknown, { issues }): string | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return idOfNumber(value, issues);
  if (typeof value !== 'string') return refuse(issues, NOT_SCALAR);
  if (value.trim() === '') return null;
  if (value.length > ID_LIMIT) return refuse(issues, `is longer than ${ID_LIMIT} characters`);
  if (UNFIT_FOR_ID.test(value)) return refuse(issues, 'holds a control character or half a character');
  return value;
});

function idOfNumber(value: number, issues: Issues): string | null {
  if (Number.isSafeInteger(value)) return String(value);
  return Number.isInteger(value)
    ? refuse(issues, 'is a number beyond 2^53, whose last digits are lost', 'unsafe-number')
    : refuse(issues, 'is not a whole number');
}

/** A text for display: blank is null, and half a character is replaced, so that it survives UTF-8. Its length is not limited here. */
export const text = z.transform((value: unknown, { issues }): string | null => {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string' && typeof value !== 'number') return refuse(issues, NOT_SCALAR);
  const written = String(value);
  if (written.trim() === '') return null;
  return HALF_CHARACTER.test(written) ? written.replace(EACH_HALF_CHARACTER, '\ufffd') : written;
});

/** A whole number such as an instant in milliseconds; a fraction of it is dropped. */
export const long = z.transform((value: unknown, { issues }): number | null => {
  const number = numberOf(value, issues);
  if (number === null) return null;
  const whole = Math.trunc(number);
  return Number.isSafeInteger(whole) ? whole : refuse(issues, 'is beyond 2^53');
});

/** A quantity. LivePerson writes "no data" as -1, so what is negative is no value. */
export const amount = z.transform((value: unknown, { issues }): number | null => {
  const number = numberOf(value, issues);
  if (number === null || number < 0) return null;
  return number === 0 ? 0 : number;
});

/** A truth value, or its name in any letter case. */
export const flag = z.transform((value: unknown, { issues }): boolean | null => {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  if (word === '') return null;
  return word === 'true' || (word === 'false' ? false : refuse(issues, 'is neither true nor false'));
});

function numberOf(value: unknown, issues: Issues): number | null {
  if (value === null || value === undefined) return null;
  const number = typeof value === 'string' ? numberOfText(value.trim()) : value;
  if (number === null || (typeof number === 'number' && Number.isFinite(number))) return number;
  return refuse(issues, 'is not a number');
}

function numberOfText(numeral: string): number | null {
  if (numeral === '') return null;
  return numeral.length <= NUMERAL_LIMIT && NUMERAL.test(numeral) ? Number(numeral) : NaN;
}

/** Reports why the value cannot stand, never the value: it may be personal. */
function refuse(issues: Issues, message: string, reason: QuarantineReason = 'bad-field'): null {
  issues.push({ code: 'custom', message, input: undefined, params: { reason } });
  return null;
}
