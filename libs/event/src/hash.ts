const ZEROS = '\0'.repeat(8);

/**
 * MurmurHash3 x86_128 over the UTF-16 code units of a text, as 32 hex digits. Not for secrets: it tells identities apart
 * (2^-128 per pair) and spreads entities over partitions, the same on every machine.
 */
export function hash128(text: string, seed = 0): string {
  let h1 = seed | 0;
  let h2 = seed | 0;
  let h3 = seed | 0;
  let h4 = seed | 0;
  const length = text.length;
  // Null characters to a whole block: no read below is out of bounds, which would cost more than all else.
  const blocks = length % 8 === 0 ? text : text + ZEROS.slice(length % 8);
  for (let i = 0; i < length; i += 8) {
    const k1 = blocks.charCodeAt(i) | (blocks.charCodeAt(i + 1) << 16);
    const k2 = blocks.charCodeAt(i + 2) | (blocks.charCodeAt(i + 3) << 16);
    const k3 = blocks.charCodeAt(i + 4) | (blocks.charCodeAt(i + 5) << 16);
    const k4 = blocks.charCodeAt(i + 6) | (blocks.charCodeAt(i + 7) << 16);
    h1 = (Math.imul(rotate(h1 ^ mix(k1, 0x239b961b, 15, 0xab0e9789), 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 = (Math.imul(rotate(h2 ^ mix(k2, 0xab0e9789, 16, 0x38b34ae5), 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 = (Math.imul(rotate(h3 ^ mix(k3, 0x38b34ae5, 17, 0xa1e38b93), 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 = (Math.imul(rotate(h4 ^ mix(k4, 0xa1e38b93, 18, 0x239b961b), 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finish(h1);
  h2 = finish(h2);
  h3 = finish(h3);
  h4 = finish(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  return hex(h1) + hex(h2 + h1) + hex(h3 + h1) + hex(h4 + h1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function mix(k: number, first: number, bits: number, second: number): number {
  return Math.imul(rotate(Math.imul(k, first), bits), second);
}

function finish(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Two hex digits for every byte. */
const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(value: number): string {
  return (
    (BYTES[value >>> 24] as string) +
    (BYTES[(value >>> 16) & 255] as string) +
    (BYTES[(value >>> 8) & 255] as string) +
    (BYTES[value & 255] as string)
  );
}
