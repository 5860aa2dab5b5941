import { hash128 } from '@app/event';

/** What every definition says and builds on, so that a change is known wherever it matters. */
export class Lineage {
  readonly #definitions = new Map<string, { readonly text: string; readonly reads: readonly string[] }>();

  /** Records a definition under its key: a field as `agent.state`, an own event as `agent:Left`. */
  add(key: string, parts: unknown, reads: Iterable<string>): void {
    this.#definitions.set(key, { text: JSON.stringify(parts), reads: [...reads] });
  }

  /** A text that changes when the parts do, or anything that they read, directly or not. */
  textOf(parts: unknown, reads: Iterable<string>): string {
    const seen = new Set<string>();
    const open = [...reads];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      const definition = this.#definitions.get(key);
      if (definition === undefined || seen.has(key)) continue;
      seen.add(key);
      open.push(...definition.reads);
    }
    const sources = [...seen].sort().map((key) => [key, this.#definitions.get(key)?.text]);
    return JSON.stringify([parts, sources]);
  }

  /** Twelve hex digits of that text. */
  revisionOf(parts: unknown, reads: Iterable<string>): string {
    return hash128(this.textOf(parts, reads)).slice(0, 12);
  }
}
