import { hash128 } from '@app/event';

/** What every definition says and builds on, so that a change is known wherever it matters. */
export class Lineage {
  readonly #definitions = new Map<string, { readonly text: string; readonly reads: readonly string[] }>();
  readonly #data = new Map<string, string>();

  /** Records a definition under its key: a field as `agent.state`, an own event as `agent:Left`. */
  add(key: string, parts: unknown, reads: Iterable<string>): void {
    this.#definitions.set(key, { text: JSON.stringify(parts), reads: [...reads] });
  }

  /** Records what a table or a calendar says: it is no rule, so it counts in {@link dataTextOf} alone. */
  addData(key: string, text: string): void {
    this.#data.set(key, text);
  }

  /** A text that changes when the parts do, or anything that they read, directly or not. */
  textOf(parts: unknown, reads: Iterable<string>): string {
    const sources = this.#reached(reads).flatMap((key) => {
      const definition = this.#definitions.get(key);
      return definition === undefined ? [] : [[key, definition.text]];
    });
    return JSON.stringify([parts, sources]);
  }

  /** A text that changes when a table or a calendar does that is read, directly or not. */
  dataTextOf(reads: Iterable<string>): string {
    return JSON.stringify(this.#reached(reads).flatMap((key) => this.#data.get(key) ?? []));
  }

  /** Twelve hex digits of that text. */
  revisionOf(parts: unknown, reads: Iterable<string>): string {
    return hash128(this.textOf(parts, reads)).slice(0, 12);
  }

  /** The keys that are read, directly or not, in order. */
  #reached(reads: Iterable<string>): readonly string[] {
    const seen = new Set<string>();
    const open = [...reads];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(...(this.#definitions.get(key)?.reads ?? []));
    }
    return [...seen].sort();
  }
}
