import { hash128 } from '@app/event';

/** The longest value of a label (characters, which are code points). */
const LONGEST = 128;

const HASH_DIGITS = 16;

/**
 * A label value as it is kept and exported. A longer one is cut, between characters, and ends in a hash of the whole, so that two
 * never merge.
 */
export function labelText(text: string): string {
  if (text.length <= LONGEST) return text;
  const characters = Array.from(text);
  if (characters.length <= LONGEST) return text;
  return `${characters.slice(0, LONGEST - 1 - HASH_DIGITS).join('')}~${hash128(text).slice(0, HASH_DIGITS)}`;
}
