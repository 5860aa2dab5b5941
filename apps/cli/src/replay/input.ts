import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { once } from 'node:events';
import { pipeline, type Readable } from 'node:stream';
import split from 'split2';
import { EXIT, Failure, messageOf } from '../failure.js';
import type { Terminal } from '../terminal.js';
import type { ReadMeter } from './meter.js';

/**
 * The lines of a file, or of standard input when it is called `-`: what stands between line feeds, and nothing else ends one,
 * as JSON may hold the other characters that end lines elsewhere. Throws a {@link Failure} when it cannot be read.
 */
export async function* linesOf(
  file: string,
  { stdin }: Pick<Terminal, 'stdin'>,
  meter: ReadMeter,
): AsyncGenerator<string> {
  try {
    const input = file === '-' ? stdin : await opened(file, meter);
    if (file === '-') meter.unknown();
    yield* pipeline(input, split('\n'), () => undefined);
  } catch (error) {
    // Some cannot be read although they can be opened: a folder, say.
    const remedy = 'name a file of events, one per line, or - for standard input';
    throw new Failure(`${file} cannot be read (${messageOf(error)}) — ${remedy}`, EXIT.wrongUse);
  }
}

async function opened(file: string, meter: ReadMeter): Promise<Readable> {
  const input = createReadStream(file);
  await once(input, 'open');
  const found = await stat(file);
  if (found.isFile()) meter.file(input, found.size);
  else meter.unknown();
  return input;
}
