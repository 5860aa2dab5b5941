/** A regular expression that runs in linear time, or why it is refused. */
export type Pattern =
  | { readonly kind: 'pattern'; test(text: string): boolean }
  | { readonly kind: 'refused'; readonly message: string; readonly remedy: string };

/** Compiles a pattern. */
export function compilePattern(source: string): Pattern {
  return { kind: 'refused', message: `the pattern ${source} is not supported`, remedy: 'use startsWith, endsWith or contains' };
}
