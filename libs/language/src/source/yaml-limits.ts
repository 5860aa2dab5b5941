import { type Document, isScalar, visit } from 'yaml';
import type { Problem } from '../diagnostic.js';

/** The longest file of definitions (characters). */
const LONGEST_FILE = 256 * 1024;

/** The most entries of one map or list, and the most aliases of a file: beyond these nobody writes by hand. */
const MOST_ENTRIES = 1000;
const MOST_ALIASES = 100;

/** Something beyond the limits, or a key that is there twice, and where. */
export interface YamlFault {
  readonly offset: number;
  readonly problem: Problem;
}

/** Why a text is not even to be parsed; null when it is. */
export function oversize(text: string): Problem | null {
  if (text.length <= LONGEST_FILE) return null;
  return tooLarge(`the file has more than ${LONGEST_FILE} characters`, 'make several files of it');
}

/** What was parsed and is too large to be worked on. */
export function excess(document: Document.Parsed): YamlFault | null {
  let aliases = 0;
  let fault: YamlFault | null = null;
  visit(document, {
    Alias: (_, { range }) => {
      aliases += 1;
      if (aliases <= MOST_ALIASES) return undefined;
      const problem = tooLarge(`the file has more than ${MOST_ALIASES} aliases`, 'write the values out');
      fault = { offset: range?.[0] ?? 0, problem };
      return visit.BREAK;
    },
    Collection: (_, { items, range }) => {
      if (items.length <= MOST_ENTRIES) return undefined;
      const message = `a map or list has more than ${MOST_ENTRIES} entries`;
      fault = { offset: range?.[0] ?? 0, problem: tooLarge(message, 'leave some out') };
      return visit.BREAK;
    },
  });
  return fault;
}

/**
 * Takes out the keys that stand twice in one map, all but the first, and tells of them; the rest is then checked as if they
 * were not there. The parser could tell, but compares each key with all others.
 */
export function dropRepeatedKeys(document: Document.Parsed): readonly YamlFault[] {
  const faults: YamlFault[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<unknown>();
      const repeated = map.items.filter(({ key }) => {
        if (!isScalar(key)) return false;
        const isRepeated = seen.has(key.value);
        seen.add(key.value);
        if (isRepeated) faults.push({ offset: key.range?.[0] ?? 0, problem: repetition(String(key.value)) });
        return isRepeated;
      });
      if (repeated.length > 0) map.items = map.items.filter((pair) => !repeated.includes(pair));
    },
  });
  return faults;
}

function repetition(key: string): Problem {
  const message = `the key "${key}" is there twice in this map`;
  return { code: 'duplicate', message, remedy: 'leave one of them out, or rename it' };
}

function tooLarge(message: string, remedy: string): Problem {
  return { code: 'too-large', message, remedy };
}
