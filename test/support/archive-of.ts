import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveWriter, openDuck, openPlace, rowOf } from '@app/archive';

interface Header {
  readonly commonHeader: { readonly accountId: string; readonly eventTimestamp: number; readonly eventType: string };
}

/** Writes bodies, each one event, to an archive in a folder, received in their order at the greatest time so far. */
export async function archiveOf(bodies: readonly string[], folder: string): Promise<void> {
  const tempFolder = mkdtempSync(join(tmpdir(), 'livemeter-archive-of-'));
  const duck = await openDuck({ tempFolder });
  let receivedAt = 0;
  const rows = bodies.map((raw, sequence) => {
    const { commonHeader } = JSON.parse(raw) as Header;
    receivedAt = Math.max(receivedAt, commonHeader.eventTimestamp);
    const { accountId, eventType: type } = commonHeader;
    const row = rowOf({ accountId, type, receivedAt, uid: String(sequence), replica: 'test', sequence, raw });
    return { row, spooled: false };
  });
  const tenure = { number: 1, epoch: 1, before: 0, lasts: true };
  await new ArchiveWriter(await openPlace(folder, null), duck).write(tenure, [{ number: 1, rows }]);
  duck.closeSync();
  rmSync(tempFolder, { recursive: true, force: true });
}
