import { stat } from 'node:fs/promises';

/** Whether what is named on the command line is an archive, and not a file of lines. */
export async function isArchive(name: string): Promise<boolean> {
  if (name.startsWith('s3://')) return true;
  const found = await stat(name).catch(() => null);
  return found?.isDirectory() ?? false;
}
