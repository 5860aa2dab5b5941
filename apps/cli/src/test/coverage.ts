import type { Trace } from '@app/engine';
import { type Catalog, type Position, type Site, type TestCase, untestedMetrics, type Value } from '@app/language';
import type { Watch } from '@app/language';
import type { Loaded } from '../catalog/load.js';

/** A part of the definitions that no test exercises. */
export interface Gap extends Position {
  readonly kind: 'metric' | 'event' | Site['kind'];
  /** In words: what never came to be. */
  readonly what: string;
}

/** What was noted in another thread: which names happened, and per place of the catalog what it came to. */
export interface CoverageSnapshot {
  readonly happened: ReadonlySet<string>;
  readonly seen: readonly ReadonlySet<Value | undefined>[];
}

/** Notes what tests exercise: own events that happened, rules that took effect, conditions and what they came to. */
export class Coverage {
  private readonly happened = new Set<string>();
  private readonly sites: { readonly site: Site; readonly seen: Set<Value | undefined> }[] = [];

  /** For the compiler of the catalog. */
  readonly watch: Watch = (site) => {
    const seen = new Set<Value | undefined>();
    this.sites.push({ site, seen });
    // Of a rule it is enough that it took effect; what it came to could be without end.
    return (value) => void seen.add(site.kind === 'set' ? null : value);
  };

  /** For the engine. */
  readonly trace: Trace = ({ entity: { kind }, name, ownEvents }) => {
    this.happened.add(`${kind}.${name}`);
    for (const own of ownEvents) this.happened.add(`${kind}.${own}`);
  };

  /** All that was noted so far. */
  snapshot(): CoverageSnapshot {
    return { happened: this.happened, seen: this.sites.map(({ seen }) => seen) };
  }

  /** Adds what was noted with the same catalog elsewhere: a compilation meets its places in the same order. */
  add({ happened, seen }: CoverageSnapshot): void {
    for (const name of happened) this.happened.add(name);
    for (const [index, site] of this.sites.entries()) for (const value of seen[index] ?? []) site.seen.add(value);
  }

  /** What the tests left out, by file and line. A part of something that is told itself is not told. */
  gaps({ catalog, places }: Loaded, tests: readonly TestCase[]): readonly Gap[] {
    const named = [...untested(catalog, tests, places), ...this.neverHappened(places)];
    const told = new Set(named.map(placeText));
    const parts = this.sites.flatMap(({ site, seen }) => {
      const what = told.has(placeText(site.of)) ? null : missingOf(site, seen);
      const { file, line, col, kind } = site;
      return what === null ? [] : [{ file, line, col, kind, what }];
    });
    return [...named, ...parts].sort(byPlace);
  }

  private neverHappened(places: Loaded['places']): readonly Gap[] {
    return [...places].flatMap(([name, place]) => {
      if (!name.includes('.') || this.happened.has(name)) return [];
      return [{ ...place, kind: 'event' as const, what: `${name} never happens` }];
    });
  }
}

function untested(catalog: Catalog, tests: readonly TestCase[], places: Loaded['places']): readonly Gap[] {
  return untestedMetrics(catalog, tests).flatMap((name) => {
    const place = places.get(name);
    return place === undefined ? [] : [{ ...place, kind: 'metric' as const, what: `no sample of ${name} is wanted` }];
  });
}

/** What never came to be at a place; null when nothing is missing, or what it is a part of is never evaluated. */
function missingOf({ kind, name }: Site, seen: ReadonlySet<Value | undefined>): string | null {
  if (kind === 'set') return seen.size === 0 ? `this rule of ${name} never takes effect` : null;
  if (seen.size === 0) return null;
  if (kind === 'when') return seen.has(true) ? null : `the condition of ${name} is never true`;
  if (seen.has(true) && seen.has(false)) return null;
  return `${name} is never ${seen.has(true) ? 'false' : 'true'}`;
}

/** `file:line:col`. */
export function placeText({ file, line, col }: Position): string {
  return `${file}:${line}:${col}`;
}

function byPlace(a: Gap, b: Gap): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.col - b.col;
}
