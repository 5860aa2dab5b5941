import { type FileHandle, open } from 'node:fs/promises';

/** What is needed of an open file. */
export type Appendable = Pick<FileHandle, 'appendFile' | 'datasync' | 'truncate' | 'close'>;

/** How long a file that could not be written is left alone before the next try (ms). */
const RETRY_MS = 1_000;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * A file of lines on disk. Whatever is appended while a write is under way goes to disk together with the next one.
 * Text that could not be written is kept and tried again, in order, so that the file never has a gap.
 */
export class LineFile {
  private pending = '';
  private waiters: Waiter[] = [];
  private writing: Promise<void> | null = null;
  private retry: NodeJS.Timeout | null = null;
  private error: Error | null = null;

  /** `size`: the length of what the file holds that is good (bytes). */
  constructor(
    private readonly file: Appendable,
    private size: number,
    private readonly onError: (error: Error) => void,
  ) {}

  /** Opens the file, or makes it. A last line without its end was never acknowledged, and is taken away. */
  static async open(path: string, onError: (error: Error) => void): Promise<LineFile> {
    const file = await open(path, 'a+', 0o640);
    const size = await endOfLastLine(file);
    if (size < (await file.stat()).size) await file.truncate(size);
    return new LineFile(file, size, onError);
  }

  /** Whether the last try to write failed. */
  get failing(): boolean {
    return this.error !== null;
  }

  /** Resolves when the text (whole lines) is on disk. Rejects when it could not be written yet; it will be all the same. */
  append(text: string): Promise<void> {
    this.pending += text;
    return new Promise((resolve, reject) => {
      if (this.error !== null) {
        reject(this.error);
        return;
      }
      this.waiters.push({ resolve, reject });
      this.writing ??= this.writeAll();
    });
  }

  /** Writes what is left and closes the file. */
  async close(): Promise<void> {
    if (this.retry !== null) clearTimeout(this.retry);
    await this.writing;
    if (this.pending !== '') await this.writeAll();
    if (this.retry !== null) clearTimeout(this.retry);
    await this.file.close();
  }

  private async writeAll(): Promise<void> {
    while (this.pending !== '') {
      const text = this.pending;
      const waiters = this.waiters;
      this.pending = '';
      this.waiters = [];
      try {
        await this.write(text);
        for (const { resolve } of waiters) resolve();
      } catch (error) {
        this.pending = text + this.pending;
        this.fail(error instanceof Error ? error : new Error(String(error)), waiters);
        break;
      }
    }
    this.writing = null;
  }

  private async write(text: string): Promise<void> {
    // What a failed write left behind would stand twice.
    if (this.error !== null) await this.file.truncate(this.size);
    await this.file.appendFile(text);
    await this.file.datasync();
    this.size += Buffer.byteLength(text);
    this.error = null;
  }

  private fail(error: Error, waiters: readonly Waiter[]): void {
    this.error = error;
    for (const { reject } of [...waiters, ...this.waiters]) reject(error);
    this.waiters = [];
    this.onError(error);
    this.retry = setTimeout(() => {
      this.writing ??= this.writeAll();
    }, RETRY_MS);
  }
}

/** How many bytes of the file are whole lines. */
async function endOfLastLine(file: FileHandle): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024);
  let end = (await file.stat()).size;
  while (end > 0) {
    const start = Math.max(0, end - chunk.length);
    const { bytesRead } = await file.read(chunk, 0, end - start, start);
    const line = chunk.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (line >= 0) return start + line + 1;
    end = start;
  }
  return 0;
}
