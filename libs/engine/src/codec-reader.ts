/**
 * Reads the parts of a JSON value whose shape is known, without throwing: what is not as expected is replaced by a
 * harmless value and remembered, so that a whole text is judged once, at its end.
 */
export class ShapeReader {
  /** Whether anything was not as expected. */
  broken = false;

  /** @param base Times are kept relative to this one (ms). */
  constructor(public base = 0) {}

  number(value: unknown): number {
    return typeof value === 'number' && Number.isFinite(value) ? value : this.fail(0);
  }

  text(value: unknown): string {
    return typeof value === 'string' ? value : this.fail('');
  }

  list(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? (value as readonly unknown[]) : this.fail([]);
  }

  /** One of a table's entries, by its index. */
  pick<Entry>(table: readonly Entry[], index: unknown): Entry | null {
    const found = typeof index === 'number' ? table[index] : undefined;
    return found ?? this.fail(null);
  }

  time(value: unknown): number {
    return this.number(value) + this.base;
  }

  timeOrNull(value: unknown): number | null {
    return value === null ? null : this.time(value);
  }

  /** Remembers that the text is broken, and goes on with `instead`. */
  fail<Value>(instead: Value): Value {
    this.broken = true;
    return instead;
  }
}
