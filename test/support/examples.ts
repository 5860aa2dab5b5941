import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '@app/language';

/** The files that ship to be copied beside the packs, under the names that they then have. */
export function examples(): { definitions: Source[]; tables: Source[]; tests: Source[] } {
  const dir = join(import.meta.dirname, '../../config/examples');
  const files = readdirSync(dir).flatMap((folder) =>
    readdirSync(join(dir, folder)).map((file) => ({ file, text: readFileSync(join(dir, folder, file), 'utf8') })),
  );
  const isTest = ({ file }: Source): boolean => file.endsWith('.test.yaml');
  return {
    definitions: files.filter((each) => each.file.endsWith('.yaml') && !isTest(each)),
    tables: files.filter(({ file }) => file.endsWith('.csv')),
    tests: files.filter(isTest),
  };
}
