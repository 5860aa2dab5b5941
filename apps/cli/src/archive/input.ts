import { archivedLines, type Extent } from '@app/archive';
import type { Settings } from '@app/telemetry';
import type { Input } from '../replay/merge.js';
import type { ReadMeter } from '../replay/meter.js';
import type { Terminal } from '../terminal.js';
import { warnOfMasked } from './masked.js';
import { openArchive } from './open.js';

/** The events of an archive as what is to be replayed. */
export async function archiveInput(
  address: string | undefined,
  extent: Extent,
  {
    settings,
    meter,
    terminal,
  }: { readonly settings: Settings; readonly meter: ReadMeter; readonly terminal: Terminal },
): Promise<Input> {
  warnOfMasked(settings, terminal);
  const { place, duck } = await openArchive(address, extent, settings);
  const lines = archivedLines({ place, duck, extent, onShare: (share) => meter.reached(share) });
  return { name: place.address, lines, ofSeveral: true };
}
