import { CommanderError } from 'commander';
import { EXIT, type ExitCode, Failure, messageOf } from './failure.js';
import type { Terminal } from './terminal.js';

/** Says what ended a command, and with which code. */
export function conclude(error: unknown, terminal: Terminal): ExitCode {
  // Commander has said what was wrong, or has shown the help or version that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.wrongUse;
  terminal.err(`livemeter: ${messageOf(error)}`);
  return error instanceof Failure ? error.exitCode : EXIT.problems;
}
