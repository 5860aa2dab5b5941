import { type ArchivePlace, type Extent, liveFiles, type openDuck, openPlace } from '@app/archive';
import type { Settings } from '@app/telemetry';
import { duckForCommand } from './duck.js';
import { EXIT, Failure, messageOf } from '../failure.js';

/** An archive that is read, and a DuckDB to read it with. */
export interface OpenArchive {
  readonly place: ArchivePlace;
  readonly duck: Awaited<ReturnType<typeof openDuck>>;
  readonly extent: Extent;
}

/** Opens what is meant. Throws a {@link Failure} when it cannot be reached, or there is nothing. */
export async function openArchive(
  given: string | undefined,
  extent: Extent,
  settings: Pick<Settings, 'archive' | 'archiveEndpoint'>,
): Promise<OpenArchive> {
  const address = given ?? settings.archive ?? '.livemeter/archive';
  const place = await openPlace(address, settings.archiveEndpoint);
  const files = await liveFiles(place, extent).catch((error: unknown) => {
    throw new Failure(`the archive ${address} cannot be read: ${messageOf(error)}`);
  });
  if (files.length === 0) {
    const remedy = 'is it the right place (--archive, LIVEMETER_ARCHIVE), and has the archive app been running?';
    throw new Failure(`nothing is archived in ${address} for what was asked — ${remedy}`, EXIT.wrongUse);
  }
  return { place, duck: await duckForCommand(), extent };
}
