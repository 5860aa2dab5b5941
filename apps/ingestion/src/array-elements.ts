const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** Of brackets and braces: whether they open or close. */
const DEPTH: ReadonlyMap<number, number> = new Map([
  [0x5b, 1],
  [0x7b, 1],
  [0x5d, -1],
  [0x7d, -1],
]);

/**
 * The texts of an array's elements exactly as they stand in it: digits, spaces and repeated keys that parsing loses are
 * still there, and no nesting is too deep. `text` has to be the valid JSON of an array.
 */
export function elementTexts(text: string): string[] {
  const bounds: number[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const before = depth;
    if (code === QUOTE) at = endOfString(text, at);
    else depth += DEPTH.get(code) ?? 0;
    // The array's own brackets, and the commas between.
    if (before + depth === 1 || (code === COMMA && depth === 1)) bounds.push(at);
  }
  const elements = bounds.slice(1).map((end, index) => text.slice((bounds[index] ?? 0) + 1, end).trim());
  return elements.length === 1 && elements[0] === '' ? [] : elements;
}

/** Where the string that begins at a quote ends. */
function endOfString(text: string, quote: number): number {
  let at = quote + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
