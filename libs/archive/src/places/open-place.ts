import { FolderPlace } from './folder-place.js';
import type { ArchivePlace } from './place.js';

/** The place that an address names: `s3://bucket/prefix` in a store at `endpoint` (null: Amazon's), or a local folder. */
export async function openPlace(address: string, endpoint: string | null): Promise<ArchivePlace> {
  if (!address.startsWith('s3://')) return new FolderPlace(address);
  // The vendor's SDK takes a while to load, and few need it.
  const { S3Place } = await import('./s3-place.js');
  return new S3Place(address, endpoint);
}
