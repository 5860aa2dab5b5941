import type { Compiled } from '../expression/compile.js';

/** What the identity of a rule is made of: its rules as text, and what they read. */
export interface Identity {
  readonly rules: unknown;
  readonly reads: readonly string[];
}

/** The texts and the reads of some expressions. */
export function identityOf(parts: readonly (Compiled | null)[], more: unknown, reads: readonly string[]): Identity {
  return {
    rules: [parts.map((part) => part?.canonical ?? null), more],
    reads: [...parts.flatMap((part) => [...(part?.reads ?? [])]), ...reads],
  };
}
