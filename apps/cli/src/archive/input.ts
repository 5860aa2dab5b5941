import { archivedLines, type Extent } from '@app/archive';
import type { Settings } from '@app/telemetry';
import type { Input } from '../replay/merge.js';
import type { ReadMeter } from '../replay/meter.js';
import { openArchive } from './open.js';

/** The events of an archive as what is to be replayed. */
export async function archiveInput(
  address: string | undefined,
  extent: Extent,
  { settings, meter }: { readonly settings: Pick<Settings, 'archive' | 'archiveEndpoint'>; readonly meter: ReadMeter },
): Promise<Input> {
  const { place, duck } = await openArchive(address, extent, settings);
  const lines = archivedLines({ place, duck, extent, onShare: (share) => meter.reached(share) });
  return { name: place.address, lines, ofSeveral: true };
}
