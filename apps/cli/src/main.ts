import { conclude } from './conclude.js';
import { EXIT } from './failure.js';
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
  process.exitCode = conclude(error, terminal);
}
