// Sends a simulated day to a whole system and compares what it says with the truth: `npm run truth -- --outage 5 -- --size large …`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HELP = `npm run truth -- [--before S] [--outage S] [-- options of livemeter simulate]
  --before   when ingestion is killed (seconds after the start; default: 50)
  --outage   how long it is away (seconds; default: 3)
  --hold     LIVEMETER_HOLD_MS (default: 30000): longer than the outage, as the older of two requests under way may be taken after it`;

/** A day of a hundredth of the large brand, in about two and a half minutes. */
const BRAND = ['--size', 'large', '--scale', '0.01', '--duration', '24h', '--speed', '600', '--seed', '7'];
const DEFAULT = [...BRAND, '--duplicates', '2%', '--late-answers', '0.005%'];

const string = { type: 'string' };
const options = { before: string, outage: string, hold: string, help: { type: 'boolean' } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const { before = '50', outage = '3', hold = '30000' } = values;
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const { status } = spawnSync(process.execPath, [...jest, '--config', 'test/truth/jest.config.mjs', '--runInBand'], {
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  stdio: 'inherit',
  env: {
    ...process.env,
    TRUTH_OPTIONS: JSON.stringify(positionals.length > 0 ? positionals : DEFAULT),
    TRUTH_BEFORE: before,
    TRUTH_OUTAGE: outage,
    LIVEMETER_HOLD_MS: hold,
  },
});
process.exit(status ?? 1);
