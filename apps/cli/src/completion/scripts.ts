import type { Command } from 'commander';

/** One command, as a shell completes it. */
interface Completed {
  /** The words that lead to it, `quarantine list`; empty for the program itself. */
  readonly path: string;
  /** Subcommands and options, each with a short text. */
  readonly words: readonly { readonly word: string; readonly text: string }[];
}

export type Shell = 'bash' | 'zsh';

/** A script that teaches a shell to complete the commands and options of the program, and files elsewhere. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = completedOf(program, []);
  return shell === 'bash' ? bash(program.name(), commands) : zsh(program.name(), commands);
}

function completedOf(command: Command, path: readonly string[]): Completed[] {
  const help = command.createHelp();
  const subcommands = help.visibleCommands(command);
  const words = [
    ...subcommands.map((each) => ({ word: each.name(), text: each.summary() || each.description() })),
    ...help.visibleOptions(command).map((option) => ({ word: option.long ?? option.flags, text: option.description })),
  ];
  const below = subcommands
    .filter((each) => each.name() !== 'help')
    .flatMap((each) => completedOf(each, [...path, each.name()]));
  return [{ path: path.join(' '), words }, ...below];
}

/** Tells the path by the words before the cursor that are no options; the longest one known wins. */
function bash(name: string, commands: readonly Completed[]): string {
  const cases = commands.map(
    ({ path, words }) => `    '${path}') words='${words.map(({ word }) => word).join(' ')}' ;;`,
  );
  return `# ${name}: completion for bash. Put this into ~/.bashrc: eval "$(${name} completion bash)"
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${commands
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      '${path.includes(' ') ? path : ` ${path}`}') path='${path}' ;;`)
  .join('\n')}
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _${name} ${name}
`;
}

function zsh(name: string, commands: readonly Completed[]): string {
  const cases = commands.map(({ path, words }) => {
    const list = words.map(({ word, text }) => `'${word}:${quoted(text)}'`).join(' ');
    return `    '${path}') words=(${list}) ;;`;
  });
  return `#compdef ${name}
# ${name}: completion for zsh. Put this into ~/.zshrc, after compinit: eval "$(${name} completion zsh)"
_${name}() {
  local command='' word
  local -a known
  for word in "\${words[@]:1:$((CURRENT - 2))}"; do
    case "$command $word" in
${commands
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      '${path.includes(' ') ? path : ` ${path}`}') command='${path}' ;;`)
  .join('\n')}
    esac
  done
  case "$command" in
${cases.map((line) => line.replace(' words=(', ' known=(')).join('\n')}
  esac
  _describe '${name}' known || _files
}
compdef _${name} ${name}
`;
}

/** A text within single quotes, in which a colon has no meaning. */
function quoted(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(':', '\\:');
}
