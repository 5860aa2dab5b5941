import { statSync } from 'node:fs';

/** Between looks (ms). */
const EVERY_MS = 2_000;

/**
 * Notices when one of some files changes, comes or goes, by looking at them: that also works where a file is a link that
 * is switched to another one, as in the volumes of a cluster, and where the system tells nothing of changes.
 */
export class FileWatch {
  private timer: NodeJS.Timeout | null = null;
  private seen: string;

  /** `files` is asked anew with every look. */
  constructor(
    private readonly files: () => readonly string[],
    private readonly onChange: () => void,
  ) {
    this.seen = this.look();
  }

  start(): this {
    this.timer ??= setInterval(() => this.check(), EVERY_MS).unref();
    return this;
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  /** Looks now, and tells of a change since the last look. */
  check(): void {
    const now = this.look();
    if (now === this.seen) return;
    this.seen = now;
    this.onChange();
    // What the change has brought, such as another file named, is no change by itself.
    this.seen = this.look();
  }

  private look(): string {
    return this.files().map(stateOf).join('\n');
  }
}

function stateOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? `${file} -` : `${file} ${stat.ino} ${stat.size} ${stat.mtimeNs}`;
}
