import { readFileSync } from 'node:fs';
import { OCCURRENCES, StartError, type Telemetry } from '@app/telemetry';
import { FileWatch } from './file-watch.js';
import { parseTokens, type ParsedTokens, type Token } from './tokens.js';

/** The tokens in force: those of the file when it was last right. */
export class TokenFile {
  private readonly watch: FileWatch;

  private constructor(
    private readonly file: string,
    private tokens: readonly Token[],
    private readonly telemetry: Telemetry,
  ) {
    this.watch = new FileWatch(
      () => [file],
      () => this.reload(),
    ).start();
  }

  /** Reads the file, and reads it anew whenever it changes. Throws {@link StartError} for what is wrong in it. */
  static open(file: string, telemetry: Telemetry): TokenFile {
    const read = readTokens(file);
    if (!read.ok) throw new StartError(read.errors);
    return new TokenFile(file, read.tokens, telemetry);
  }

  get current(): readonly Token[] {
    return this.tokens;
  }

  /** Takes the file over as it is now; one that is wrong changes nothing. */
  reload(): void {
    const read = readTokens(this.file);
    if (read.ok) {
      this.tokens = read.tokens;
      this.telemetry.report(OCCURRENCES.reloaded, { what: 'tokens' }, { file: this.file });
    } else {
      this.telemetry.report(OCCURRENCES.reloadRefused, { what: 'tokens' }, { errors: read.errors });
    }
  }

  stop(): void {
    this.watch.stop();
  }
}

function readTokens(file: string): ParsedTokens {
  try {
    return parseTokens(file, readFileSync(file, 'utf8'));
  } catch {
    return { ok: false, errors: [`LIVEMETER_TOKENS: ${file} cannot be read`] };
  }
}
