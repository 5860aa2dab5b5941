import { CommanderError } from 'commander';
import { EXIT, type ExitCode, Failure, messageOf } from './failure.js';
import { createProgram } from './program.js';
import { processTerminal } from './terminal.js';

const terminal = processTerminal();

// A reader that has seen enough (`livemeter replay … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.good : EXIT.problems);
});

try {
  await createProgram(terminal).parseAsync();
} catch (error) {
  process.exitCode = conclude(error);
}

/** Says what ended the command, and with which code. */
function conclude(error: unknown): ExitCode {
  // Commander has said what was wrong, or has shown the help or version that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.wrongUse;
  terminal.err(`livemeter: ${messageOf(error)}`);
  return error instanceof Failure ? error.exitCode : EXIT.problems;
}
