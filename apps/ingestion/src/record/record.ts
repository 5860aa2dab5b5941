/** Where the record's lines go; resolves when they are on disk. */
export interface LineSink {
  append(text: string): Promise<void>;
}

/** A place in the record, taken when its events arrived. */
export interface RecordPlace {
  /** Fills the place with whole lines, or with none. Resolves when they, and all that stands before them, are on disk. */
  fill(lines: string): Promise<void>;
}

/**
 * The record of accepted events, in order of receipt: a line is written as soon as what became of it is known and of all
 * that came before it.
 */
export class EventRecord {
  private readonly entries: Entry[] = [];

  constructor(private readonly sink: LineSink) {}

  /** Takes the next place. Every place has to be filled, or nothing after it is ever written. */
  take(): RecordPlace {
    const entry = new Entry();
    this.entries.push(entry);
    return {
      fill: (lines) => {
        entry.lines = lines;
        this.flush();
        return entry.written;
      },
    };
  }

  private flush(): void {
    const end = this.entries.findIndex(({ lines }) => lines === null);
    const ready = this.entries.splice(0, end === -1 ? this.entries.length : end);
    if (ready.length === 0) return;
    const lines = ready.map((entry) => entry.lines).join('');
    const written = lines === '' ? undefined : this.sink.append(lines);
    for (const entry of ready) entry.settle(written);
  }
}

class Entry {
  lines: string | null = null;
  settle!: (written: Promise<void> | undefined) => void;
  readonly written = new Promise<void>((resolve) => {
    this.settle = resolve;
  });
}
