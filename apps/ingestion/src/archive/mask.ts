import { maskOf } from '@app/archive';
import { type Settings, StartError } from '@app/telemetry';

/** What nobody could read the archive without: a folder's name, what an event is and when it was. */
const NEEDED = ['accountId', 'eventType', 'eventTimestamp', 'commonHeader'];

/** A uid tells events apart, hashed or not. */
const KEPT = { drop: [...NEEDED, 'uid'], hash: NEEDED };

type MaskSettings = Pick<Settings, 'archiveDrop' | 'archiveHash' | 'archiveHashKey'>;

/** Takes the fields out of rows that the settings name. Throws a {@link StartError} for what they must not name. */
export function maskIn({ archiveDrop, archiveHash, archiveHashKey }: MaskSettings): ReturnType<typeof maskOf> {
  const kept = [
    ...archiveDrop.filter((field) => KEPT.drop.includes(field)).map((field) => `LIVEMETER_ARCHIVE_DROP=${field}`),
    ...archiveHash.filter((field) => KEPT.hash.includes(field)).map((field) => `LIVEMETER_ARCHIVE_HASH=${field}`),
  ];
  const errors = kept.map((what) => `${what}: the archive cannot do without — leave it out (uid can be hashed)`);
  if (archiveHash.length > 0 && archiveHashKey === null) {
    errors.push('LIVEMETER_ARCHIVE_HASH needs LIVEMETER_ARCHIVE_HASH_KEY: without a key names can be guessed');
  }
  if (errors.length > 0) throw new StartError(errors);
  return maskOf({ drop: archiveDrop, hash: archiveHash, key: archiveHashKey ?? '' });
}
