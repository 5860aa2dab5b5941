import type { Readable } from 'node:stream';

/** Where a command reads and writes: the process's own streams, or a test's. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  /** Whether a person reads what is written. */
  readonly interactive: boolean;
  /** Results, without a newline added. Resolves when more may be written. */
  out(text: string): Promise<void>;
  /** Messages to a person, one line or more; a newline is added. */
  err(text: string): void;
  /** Rewrites one line of progress; does nothing unless a person is looking. An empty text clears it. */
  progress(text: string): void;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  return {
    env: process.env,
    stdin: process.stdin,
    interactive: stdout.isTTY,
    out: (text) =>
      new Promise((resolve, reject) => {
        stdout.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    err: (text) => stderr.write(`${text}\n`),
    progress: (text) => {
      if (stderr.isTTY) stderr.write(`\r\x1b[2K${text}`);
    },
  };
}
