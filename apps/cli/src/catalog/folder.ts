import { type ConfigFolder, readConfigFolder } from '@app/config';
import { EXIT, Failure } from '../failure.js';

/** What stands in a config folder. Throws a {@link Failure} when there are no definitions. */
export async function folderOf(configDir: string): Promise<ConfigFolder> {
  const read = await readConfigFolder(configDir);
  if (read.ok) return read.folder;
  throw new Failure(read.error, EXIT.wrongUse);
}
