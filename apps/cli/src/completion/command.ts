import { Argument, type Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { completionScript, type Shell } from './scripts.js';

const HELP = `
Examples:
  eval "$(livemeter completion bash)"    in ~/.bashrc
  eval "$(livemeter completion zsh)"     in ~/.zshrc, after compinit`;

/** Adds `livemeter completion`. */
export function addCompletionCommand(program: Command, terminal: Terminal): void {
  program
    .command('completion')
    .summary('print what teaches a shell to complete commands')
    .description('Prints a script with which a shell completes the commands and options of livemeter.')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh']))
    .addHelpText('after', HELP)
    .action((shell: Shell) => terminal.out(completionScript(program, shell)));
}
