import { compileFolder } from '@app/config';
import { type Catalog, formatDiagnostic } from '@app/language';
import { Failure } from '../failure.js';
import { folderOf } from './folder.js';

/** The catalog of a config folder. Throws a {@link Failure} that lists every error in it. */
export async function loadCatalog(configDir: string): Promise<Catalog> {
  const compiled = compileFolder(await folderOf(configDir));
  if (compiled.ok) return compiled.catalog;
  throw new Failure(`the definitions cannot be used:\n${compiled.diagnostics.map(formatDiagnostic).join('\n')}`);
}
