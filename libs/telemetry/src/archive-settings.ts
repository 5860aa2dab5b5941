import { z } from 'zod';
import { declare, integer, list, port, text } from './declare.js';

/** The settings of the archive: of ingestion, which fills its queue, of the app that writes it, and of those who read it. */
export const ARCHIVE_SETTINGS = {
  archive: declare(
    'LIVEMETER_ARCHIVE',
    z
      .string()
      .transform((value) => (value === 'off' ? null : value))
      .nullable()
      .default(null)
      .describe(
        'Where all that is received is archived as Parquet files: a folder, `s3://bucket/prefix`, or `off`. Not set: `livemeter start` takes `.livemeter/archive`; an app that is started by itself archives nothing.',
      ),
  ),
  archiveEndpoint: declare(
    'LIVEMETER_ARCHIVE_S3_ENDPOINT',
    text().describe(
      'The address of the store that `s3://` means, where it is not Amazon’s. Credentials and region: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, or whatever else the SDK of AWS finds.',
    ),
  ),
  archiveHost: declare(
    'ARCHIVE_HOST',
    z.string().default('127.0.0.1').describe('The address on which the archive app answers probes and `/metrics`.'),
  ),
  archivePort: declare(
    'ARCHIVE_PORT',
    port().default(8422).describe('The port on which the archive app listens; 0 takes a free one.'),
  ),
  archiveFlushMs: declare(
    'LIVEMETER_ARCHIVE_FLUSH_MS',
    integer(100, 3_600_000)
      .default(60_000)
      .describe('How long what was received waits in Redis for more before a file is written (ms).'),
  ),
  archiveKeepDays: declare(
    'LIVEMETER_ARCHIVE_KEEP_DAYS',
    integer(1, 36_500)
      .nullable()
      .default(null)
      .describe('For how many days the archive is kept; what is older is removed. Not set: for ever.'),
  ),
  archiveMaxWaiting: declare(
    'LIVEMETER_ARCHIVE_MAX_WAITING',
    integer(0, 100_000_000)
      .default(100_000)
      .describe(
        'How many events may wait in Redis for the archive; while more do, ingestion keeps further ones on its disk (`LIVEMETER_ARCHIVE_SPOOL`).',
      ),
  ),
  archiveSpool: declare(
    'LIVEMETER_ARCHIVE_SPOOL',
    text().describe(
      'The folder, of one ingestion replica alone, for what has to wait on disk. Not set: `.livemeter/spool/` and the port of ingestion.',
    ),
  ),
  archiveDrop: declare(
    'LIVEMETER_ARCHIVE_DROP',
    list().describe(
      'Names of JSON fields, separated by commas, that are left out of what is archived, wherever they stand, and out of the columns that repeat them.',
    ),
  ),
  archiveHash: declare(
    'LIVEMETER_ARCHIVE_HASH',
    list().describe(
      'Names of JSON fields whose values are archived as a keyed hash (HMAC-SHA-256 with `LIVEMETER_ARCHIVE_HASH_KEY`), so that equal values stay equal; in the columns that repeat them, too.',
    ),
  ),
  archiveHashKey: declare('LIVEMETER_ARCHIVE_HASH_KEY', text().describe('The key of those hashes: keep it secret.')),
} as const;

/** The folder in which an ingestion replica keeps what has to wait for the archive. */
export function spoolFolder(settings: {
  readonly archiveSpool: string | null;
  readonly ingestionPort: number;
}): string {
  return settings.archiveSpool ?? `.livemeter/spool/${settings.ingestionPort}`;
}
