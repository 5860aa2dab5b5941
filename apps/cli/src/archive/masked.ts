import { IDENTIFYING } from '@app/archive';
import type { Settings } from '@app/telemetry';
import { EXIT, Failure } from '../failure.js';
import type { Terminal } from '../terminal.js';

type MaskSettings = Pick<Settings, 'archiveDrop' | 'archiveHash'>;

const maskedBy = ({ archiveDrop, archiveHash }: MaskSettings): readonly string[] => [...archiveDrop, ...archiveHash];

/**
 * Throws a {@link Failure} where the archive does not say which conversations and agents it is about, or which events it holds:
 * what is computed from it would not fit the events that come then.
 */
export function refuseWithoutIdentity(settings: MaskSettings): void {
  const masked = maskedBy(settings).filter((field) => IDENTIFYING.includes(field));
  if (masked.length === 0) return;
  const why = `by LIVEMETER_ARCHIVE_DROP or _HASH the archive lacks ${masked.join(', ')}`;
  const what =
    'the state would be of other conversations or agents than the events to come, or count again what comes again';
  throw new Failure(`${why}: ${what} — use a backup of Redis instead`, EXIT.wrongUse);
}

/** Says so where fields that a metric may read are not in the archive as they were. */
export function warnOfMasked(settings: MaskSettings, terminal: Pick<Terminal, 'err'>): void {
  const masked = maskedBy(settings);
  if (masked.length === 0) return;
  terminal.err(
    `warning: the archive has ${masked.join(', ')} dropped or hashed; what reads them gets other numbers than live`,
  );
}
