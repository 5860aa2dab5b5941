import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { conclude } from '../../apps/cli/src/conclude.js';
import { createProgram } from '../../apps/cli/src/program.js';

/** What a command printed, with the folder shown as `.`, and its exit code. */
export interface Printed {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** The command line in this process, with a config folder of its own. */
export class CommandLine {
  readonly dir = mkdtempSync(join(tmpdir(), 'livemeter-cli-'));

  /** `env`: variables beside the config folder's. */
  constructor(private readonly env: Readonly<Record<string, string>> = {}) {
    mkdirSync(join(this.dir, 'config', 'metrics'), { recursive: true });
  }

  /** Puts a file beside the definitions, and tells its path. */
  define(name: string, text: string): string {
    const file = join(this.dir, 'config', 'metrics', name);
    writeFileSync(file, text);
    return file;
  }

  /** Runs a command line as a person would. */
  async run(words: readonly string[], input = ''): Promise<Printed> {
    let out = '';
    let err = '';
    const terminal = {
      env: { LIVEMETER_CONFIG: join(this.dir, 'config'), ...this.env },
      stdin: Readable.from([input]),
      interactive: false,
      out: (text: string) => Promise.resolve(void (out += text)),
      err: (text: string) => void (err += `${text}\n`),
      progress: () => undefined,
    };
    process.exitCode = 0;
    const code = await createProgram(terminal)
      .parseAsync(words, { from: 'user' })
      .then(
        () => Number(process.exitCode),
        (error: unknown) => conclude(error, terminal),
      );
    return { out: out.replaceAll(this.dir, '.'), err: err.replaceAll(this.dir, '.'), code };
  }

  remove(): void {
    process.exitCode = undefined;
    rmSync(this.dir, { recursive: true, force: true });
  }
}
