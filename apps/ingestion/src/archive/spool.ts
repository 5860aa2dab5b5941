import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { type EncodedRow, rowsOfSegment, segmentName, segmentsIn, spooledRow, weightOf } from '@app/archive';
import { LineFile } from '../record/line-file.js';

/** What is sent together. */
const CHUNK = { rows: 200, bytes: 512 * 1024 };

/** After this, what could not be sent is tried again (ms). */
const AGAIN_MS = 1_000;

/** The rows were not kept, and will not be. */
export class SpoolRefused extends Error {
  override readonly name = 'SpoolRefused';
}

function refuse(error: unknown): never {
  throw new SpoolRefused('nothing can be kept', { cause: error });
}

/** The file that is being written. */
interface Segment {
  readonly name: string;
  readonly file: LineFile;
}

/**
 * Rows that wait on disk until there is room for them in Redis again: files of lines, in a folder of one replica alone.
 * Those of an earlier process are found at start. A row is sent with a mark, so that it can come twice and count once.
 */
export class Spool {
  /** Rows on disk. */
  waiting = 0;
  private current: Segment | null = null;
  private beginning: Promise<void> | null = null;
  /** Names of files that are complete, oldest first. */
  private readonly older: string[] = [];
  private stopped = false;

  constructor(
    private readonly folder: string,
    private readonly onError: (error: Error) => void,
  ) {}

  /** Finds what an earlier process has left. Rejects when the folder is there and cannot be read. */
  async open(): Promise<void> {
    this.older.push(...(await segmentsIn(this.folder)));
    for (const name of this.older) {
      for await (const row of rowsOfSegment(join(this.folder, name))) this.waiting += row === null ? 0 : 1;
    }
  }

  /** Names of the files that are there, oldest first. */
  get segments(): readonly string[] {
    return this.current === null ? this.older : [...this.older, this.current.name];
  }

  get isEmpty(): boolean {
    return this.current === null && this.older.length === 0;
  }

  /** Resolves when the rows are on disk. Rejects with {@link SpoolRefused} when they will never be; else they may be. */
  async append(rows: readonly EncodedRow[]): Promise<void> {
    while (this.current === null) await (this.beginning ??= this.begin()).catch(refuse);
    // What it is given while it fails is written all the same, some day: it must not be given more.
    if (this.current.file.failing) refuse(new Error('the disk takes nothing'));
    this.waiting += rows.length;
    await this.current.file.append(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }

  /** Sends all that is there, oldest first, as long as there is room; what has been sent is removed. */
  async drain(send: (rows: readonly EncodedRow[]) => Promise<void>, room: () => boolean): Promise<void> {
    while (!this.stopped && room() && !this.isEmpty) {
      if (this.older.length === 0 && this.current !== null) {
        const { name, file } = this.current;
        this.current = null;
        this.older.push(name);
        await file.close();
      }
      const [segment] = this.older;
      if (segment === undefined || !(await this.sendSegment(segment, send, room))) return;
      await rm(join(this.folder, segment), { force: true });
      this.older.shift();
    }
  }

  /** What is left stays on disk. */
  async close(): Promise<void> {
    this.stopped = true;
    await this.current?.file.close();
  }

  private async begin(): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true });
      const name = segmentName(this.older.at(-1) ?? null, Date.now(), randomUUID());
      this.current = { name, file: await LineFile.open(join(this.folder, name), this.onError) };
    } finally {
      this.beginning = null;
    }
  }

  /** False when it was interrupted: it will be sent again from its beginning. */
  private async sendSegment(
    segment: string,
    send: (rows: readonly EncodedRow[]) => Promise<void>,
    room: () => boolean,
  ): Promise<boolean> {
    let chunk: EncodedRow[] = [];
    let bytes = 0;
    for await (const row of rowsOfSegment(join(this.folder, segment))) {
      if (row === null) {
        this.onError(new Error(`${segment} holds a line that was cut off`));
        continue;
      }
      chunk.push(spooledRow(row));
      bytes += weightOf(row);
      if (chunk.length < CHUNK.rows && bytes < CHUNK.bytes) continue;
      if (!(await this.sendChunk(chunk, send, room))) return false;
      [chunk, bytes] = [[], 0];
    }
    return chunk.length === 0 || this.sendChunk(chunk, send, room);
  }

  private async sendChunk(
    chunk: readonly EncodedRow[],
    send: (rows: readonly EncodedRow[]) => Promise<void>,
    room: () => boolean,
  ): Promise<boolean> {
    while (!this.stopped) {
      try {
        if (room()) {
          await send(chunk);
          this.waiting = Math.max(0, this.waiting - chunk.length);
          return true;
        }
      } catch {
        // Whoever sends tells of its trouble; the rows stay where they are.
      }
      await after(AGAIN_MS, undefined, { ref: false });
    }
    return false;
  }
}
