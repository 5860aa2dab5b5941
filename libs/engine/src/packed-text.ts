const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Two digits for each group of 12 bits, which are three hex digits. */
const PAIRS: readonly string[] = Array.from({ length: 4096 }, (_, bits) => digit(bits >> 6) + digit(bits));

const TRIPLES: readonly string[] = PAIRS.map((_, bits) => bits.toString(16).padStart(3, '0'));

/** The value of a digit by its character code. */
const VALUES: readonly number[] = Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));

const DASH = -2;
const DASHES: ReadonlySet<number> = new Set([8, 13, 18, 23]);

const HEX_LENGTH = 32;
const UUID_LENGTH = 36;
const PACKED_LENGTH = 22;

/**
 * A UUID stands as `~` and 22 characters, 32 hex digits as `^` and 22; any other text that begins so is marked by `=`.
 * Most of a record's bytes are such ids, and every record that is written passes here, hence no regular expressions.
 */
export function packText(text: string): string {
  if (text.length === UUID_LENGTH || text.length === HEX_LENGTH) {
    const packed = pack(text, text.length === UUID_LENGTH);
    if (packed !== null) return packed;
  }
  const first = text.charCodeAt(0);
  return first === 0x7e || first === 0x5e || first === 0x3d ? `=${text}` : text;
}

/** The inverse of {@link packText}; null when that wrote no such text. */
export function unpackText(text: string): string | null {
  const first = text.charCodeAt(0);
  if (first === 0x3d) return text.slice(1);
  if (first !== 0x7e && first !== 0x5e) return text;
  const hex = unpack(text);
  if (hex === null || first === 0x5e) return hex;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Null when the text is no lower-case UUID, or not all hex digits. Ten groups of 12 bits and one of eight. */
function pack(text: string, isUuid: boolean): string | null {
  let packed = isUuid ? '~' : '^';
  let bits = 0;
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const nibble = hexValue(text.charCodeAt(at));
    if (isUuid && DASHES.has(at)) {
      if (nibble !== DASH) return null;
      continue;
    }
    if (nibble < 0) return null;
    bits = (bits << 4) | nibble;
    count += 1;
    if (count % 3 !== 0) continue;
    packed += PAIRS[bits] ?? '';
    bits = 0;
  }
  return packed + (PAIRS[bits] ?? '');
}

function unpack(packed: string): string | null {
  if (packed.length !== PACKED_LENGTH + 1) return null;
  let hex = '';
  for (let at = 1; at <= PACKED_LENGTH; at += 2) {
    const high = VALUES[packed.charCodeAt(at)] ?? -1;
    const low = VALUES[packed.charCodeAt(at + 1)] ?? -1;
    if (high < 0 || low < 0) return null;
    const group = TRIPLES[high * 64 + low] ?? '';
    hex += at < PACKED_LENGTH - 1 ? group : group.slice(1);
  }
  return hex;
}

/** The value of a hex digit by its character code; {@link DASH} and -1 stand for a dash and all else. */
function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return code === 0x2d ? DASH : -1;
}

function digit(bits: number): string {
  return DIGITS.charAt(bits & 63);
}
