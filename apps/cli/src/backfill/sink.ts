import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, Failure } from '../failure.js';

const PROGRESS = z.object({ asked: z.string(), next: z.number(), bytes: z.number() });

/** How often what is written is made safe, so that a run that breaks off goes on from there (instants). */
const SAFE_EVERY = 100;

/**
 * The file of a backfill, and beside it, while it is not complete, how far it is. What is asked for is a text: a file that
 * was begun for another is begun anew.
 */
export class BackfillSink {
  private unsafe = 0;

  private constructor(
    private readonly target: { readonly path: string; readonly asked: string; readonly file: FileHandle },
    private bytes: number,
    /** The first instant (ms) that is not in the file yet, where it goes on from an earlier run; else null. */
    readonly resumed: number | null,
  ) {}

  static async open(path: string, asked: string): Promise<BackfillSink> {
    const kept = await progressOf(path);
    const goesOn = kept?.asked === asked;
    const file = await open(path, goesOn ? 'r+' : 'w').catch((error: unknown) => {
      throw new Failure(`${path} cannot be written: ${messageOf(error)}`);
    });
    const bytes = goesOn ? kept.bytes : 0;
    await file.truncate(bytes);
    return new BackfillSink({ path, asked, file }, bytes, goesOn ? kept.next : null);
  }

  async write(text: string): Promise<void> {
    const data = Buffer.from(text);
    await this.target.file.write(data, 0, data.length, this.bytes);
    this.bytes += data.length;
  }

  /** All up to an instant is written; `next` (ms) is the one after it. */
  async done(next: number): Promise<void> {
    this.unsafe += 1;
    if (this.unsafe < SAFE_EVERY) return;
    this.unsafe = 0;
    const { path, asked, file } = this.target;
    await file.datasync();
    await writeFile(`${path}.progress.new`, JSON.stringify({ asked, next, bytes: this.bytes }));
    await rename(`${path}.progress.new`, `${path}.progress`);
  }

  /** The file is complete. */
  async end(): Promise<number> {
    const { path, file } = this.target;
    await file.datasync();
    await file.close();
    await rm(`${path}.progress`, { force: true });
    return this.bytes;
  }
}

async function progressOf(path: string): Promise<z.infer<typeof PROGRESS> | null> {
  try {
    return PROGRESS.parse(JSON.parse(await readFile(`${path}.progress`, 'utf8')));
  } catch {
    return null;
  }
}
