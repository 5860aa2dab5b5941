import type { PartitionHead, Quiet } from '@app/engine';

/**
 * The fields of a partition's head. Beside what the port names: `epoch` is raised when layouts are added, `seen` lists
 * the generations of marks, `sweep` is where the search for dead series stands.
 */
export const HEAD_FIELDS = [
  'version',
  'catalog',
  'switched',
  'clock',
  'quiet',
  'job',
  'jobItems',
  'epoch',
  'seen',
] as const;

/** The head as its fields tell, in the order of {@link HEAD_FIELDS}; of a partition never written, the blank one. */
export function parseHead(
  fields: readonly (string | null)[],
  nextDue: string | null,
  layouts: ReadonlyMap<string, string>,
): PartitionHead {
  const [version, catalog, switched, clock, quiet, job, jobItems] = fields;
  return {
    version: Number(version ?? 0),
    catalog: catalog ?? '',
    switched: switched === '1',
    layouts,
    clock: Number(clock ?? 0),
    quiet: parseQuiet(quiet ?? ''),
    job: job ?? '',
    jobItems: Number(jobItems ?? 0),
    nextDue: nextDue === null ? null : Number(nextDue),
  };
}

/** A quiet time as the head keeps it. */
export function quietText(quiet: Quiet | null): string {
  return quiet === null ? '' : `${quiet.from} ${quiet.until}`;
}

function parseQuiet(text: string): Quiet | null {
  const [from, until] = text.split(' ').map(Number);
  return from === undefined || until === undefined ? null : { from, until };
}
