/** What a {@link DueIndex} orders; `position` is the index's own bookkeeping. */
export interface DueEntry {
  readonly key: string;
  due: number;
  /** Where the entry stands in the heap, or -1. */
  position: number;
}

/** A binary heap of entries by due time, then by key, in which an entry is moved or taken out in logarithmic time. */
export class DueIndex<Entry extends DueEntry> {
  private readonly heap: Entry[] = [];

  /** The earliest due time (ms), or null. */
  get next(): number | null {
    return this.heap[0]?.due ?? null;
  }

  /** Places the entry at `due` (ms), or takes it out. */
  put(entry: Entry, due: number | null): void {
    if (due === null) {
      this.remove(entry);
      return;
    }
    if (entry.position < 0) {
      entry.position = this.heap.length;
      this.heap.push(entry);
    }
    entry.due = due;
    this.rise(entry);
    this.sink(entry);
  }

  /** The earliest entries that are due at or before `instant` (ms), in order, at most `limit`. They stay in the index. */
  until(instant: number, limit: number): Entry[] {
    const found: Entry[] = [];
    const frontier = new DueIndex<DueEntry & { readonly of: Entry }>();
    const reach = (position: number): void => {
      const of = this.heap[position];
      if (of !== undefined && of.due <= instant) frontier.put({ key: of.key, due: of.due, position: -1, of }, of.due);
    };
    reach(0);
    for (let top = frontier.heap[0]; top !== undefined && found.length < limit; top = frontier.heap[0]) {
      frontier.put(top, null);
      found.push(top.of);
      reach(2 * top.of.position + 1);
      reach(2 * top.of.position + 2);
    }
    return found;
  }

  private remove(entry: Entry): void {
    const { position } = entry;
    if (position < 0) return;
    entry.position = -1;
    const last = this.heap.pop();
    if (last === undefined || last === entry) return;
    this.place(last, position);
    this.rise(last);
    this.sink(last);
  }

  private rise(entry: Entry): void {
    let position = entry.position;
    while (position > 0) {
      const above = (position - 1) >> 1;
      const parent = this.heap[above];
      if (parent === undefined || !before(entry, parent)) break;
      this.place(parent, position);
      position = above;
    }
    this.place(entry, position);
  }

  private sink(entry: Entry): void {
    let position = entry.position;
    for (;;) {
      const left = this.heap[2 * position + 1];
      const right = this.heap[2 * position + 2];
      const child = left !== undefined && right !== undefined && before(right, left) ? right : left;
      if (child === undefined || !before(child, entry)) break;
      const below = child.position;
      this.place(child, position);
      position = below;
    }
    this.place(entry, position);
  }

  private place(entry: Entry, position: number): void {
    this.heap[position] = entry;
    entry.position = position;
  }
}

function before(a: DueEntry, b: DueEntry): boolean {
  return a.due < b.due || (a.due === b.due && a.key < b.key);
}
