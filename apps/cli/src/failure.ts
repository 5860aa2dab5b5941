/** What every command ends with: 0 good, 1 it found problems, 2 it was used wrongly. */
export const EXIT = { good: 0, problems: 1, wrongUse: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with a message for the user, which says what is wrong and what to do. No stack is shown. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.problems,
  ) {
    super(message);
  }
}

/** What an unknown thing that was thrown says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
