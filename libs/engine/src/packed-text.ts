const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES: ReadonlyMap<string, number> = new Map([...DIGITS].map((digit, value) => [digit, value]));

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HEX = /^[0-9a-f]{32}$/;
const PACKED_LENGTH = 22;

/** A UUID stands as `~` and 22 characters, 32 hex digits as `^` and 22; any other text that begins so is marked by `=`. */
export function packText(text: string): string {
  if (text.length === 36 && UUID.test(text)) return `~${pack(text.replaceAll('-', ''))}`;
  if (text.length === 32 && HEX.test(text)) return `^${pack(text)}`;
  const first = text[0];
  return first === '~' || first === '^' || first === '=' ? `=${text}` : text;
}

/** The inverse of {@link packText}; null when that wrote no such text. */
export function unpackText(text: string): string | null {
  const first = text[0];
  if (first === '=') return text.slice(1);
  if (first !== '~' && first !== '^') return text;
  const hex = unpack(text.slice(1));
  if (hex === null || first === '^') return hex;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** 24 bits at a time: 32 hex digits are five such groups and eight bits. */
function pack(hex: string): string {
  let packed = '';
  for (let at = 0; at < 30; at += 6) {
    const bits = parseInt(hex.slice(at, at + 6), 16);
    packed += digit(bits >> 18) + digit(bits >> 12) + digit(bits >> 6) + digit(bits);
  }
  const last = parseInt(hex.slice(30), 16);
  return packed + digit(last >> 6) + digit(last);
}

function unpack(packed: string): string | null {
  if (packed.length !== PACKED_LENGTH) return null;
  let hex = '';
  for (let at = 0; at < PACKED_LENGTH; at += 4) {
    let bits = 0;
    for (const character of packed.slice(at, at + 4)) {
      const value = VALUES.get(character);
      if (value === undefined) return null;
      bits = bits * 64 + value;
    }
    hex += bits.toString(16).padStart(at < 20 ? 6 : 2, '0');
  }
  return hex.length === 32 ? hex : null;
}

function digit(bits: number): string {
  return DIGITS[bits & 63] ?? '';
}
