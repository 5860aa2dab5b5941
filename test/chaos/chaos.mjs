// Runs a whole system under fire: `npm run chaos -- --seed 7 --minutes 10`. See README.md beside this file.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HELP = `npm run chaos -- [--seed N] [--minutes M] [--hold MS] [--faults a,b] [--dead-store MIN] [--apart] [--keep]
  --seed     draws events, faults and moments (default: by the time)
  --minutes  how long events are sent and faults injected (default: 0.5)
  --hold     LIVEMETER_HOLD_MS; must be longer than the longest fault (default: 20000)
  --faults   kinds of faults (default: all)
  --dead-store  how long each absence of the archive's store takes (minutes; default: seconds, drawn)
  --apart    each fault only when the one before it is overcome, so that what is waited for has one cause
  --keep     keeps records, configuration and clocks`;

const string = { type: 'string' };
const options = { seed: string, minutes: string, hold: string, faults: string, 'dead-store': string };
const flags = { apart: { type: 'boolean' }, keep: { type: 'boolean' }, help: { type: 'boolean' } };
const { values } = parseArgs({ options: { ...options, ...flags } });
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const { seed = String(Date.now() % 1_000_000), minutes = '0.5', hold = '20000', faults = '' } = values;
const root = fileURLToPath(new URL('../..', import.meta.url));
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
// A run that fails leaves senders behind that would go on without end.
const how = ['--config', 'test/chaos/jest.config.mjs', '--runInBand', '--forceExit'];
const { status } = spawnSync(process.execPath, [...jest, ...how], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    CHAOS_SEED: seed,
    CHAOS_MINUTES: minutes,
    CHAOS_HOLD: hold,
    CHAOS_FAULTS: faults,
    CHAOS_DEAD_STORE: values['dead-store'] ?? '0',
    CHAOS_APART: values.apart ? '1' : '',
    CHAOS_KEEP: values.keep ? '1' : '',
  },
});
process.exit(status ?? 1);
