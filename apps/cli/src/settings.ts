import { readSettings, type Settings } from '@app/telemetry';
import { EXIT, Failure } from './failure.js';
import type { Terminal } from './terminal.js';

/** The settings in the environment. Throws a {@link Failure} that lists everything that is wrong in them. */
export function settingsOf(terminal: Terminal): Settings {
  const read = readSettings(terminal.env);
  if (read.ok) return read.settings;
  throw new Failure(read.errors.join('\n'), EXIT.wrongUse);
}
