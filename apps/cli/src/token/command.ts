import { randomBytes } from 'node:crypto';
import { hashedToken, SCOPES } from '@app/access';
import { type Command, Option } from 'commander';
import type { Terminal } from '../terminal.js';

const HELP = `
The token is shown once, as a message; the entry for the file holds only its hash, and goes to standard output:
  echo 'tokens:' > tokens.yaml
  livemeter token prometheus --scope metrics >> tokens.yaml
  livemeter token wall --account 84731 --scope read >> tokens.yaml
  LIVEMETER_TOKENS=tokens.yaml livemeter start
The file is read anew whenever it changes.`;

interface TokenOptions {
  readonly account?: readonly string[];
  readonly scope: readonly string[];
}

/** Adds `livemeter token`. */
export function addTokenCommand(program: Command, terminal: Terminal): void {
  program
    .command('token')
    .summary('make a token for REST, wallboard and /metrics')
    .description('Makes a token for REST, the wallboard and /metrics, and the entry for the file of LIVEMETER_TOKENS.')
    .argument('<name>', 'what the log calls it')
    .option('--account <id...>', 'only this account, or these (default: all)')
    .addOption(new Option('--scope <scope...>', 'what it is for').choices(SCOPES).default(['read']))
    .addHelpText('after', HELP)
    .action(async (name: string, { account, scope }: TokenOptions) => {
      const token = `lm_${randomBytes(32).toString('base64url')}`;
      terminal.err(`The token, shown only now: ${token}`);
      const accounts = account === undefined ? 'all' : JSON.stringify(account);
      await terminal.out(
        `  - { name: ${JSON.stringify(name)}, token: '${hashedToken(token)}', accounts: ${accounts}, scopes: [${scope.join(', ')}] }\n`,
      );
    });
}
