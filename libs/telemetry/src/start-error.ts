/** Why the program cannot start: full sentences, fit to be printed as they are. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}
