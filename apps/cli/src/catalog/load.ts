import { type Catalog, compileCatalog, formatDiagnostic } from '@app/language';
import { Failure } from '../failure.js';
import { folderOf } from './folder.js';

/** The catalog of a config folder. Throws a {@link Failure} that lists every error in it. */
export async function loadCatalog(configDir: string): Promise<Catalog> {
  const { definitions, tables } = await folderOf(configDir);
  const compiled = compileCatalog(definitions, tables);
  if (compiled.ok) return compiled.catalog;
  throw new Failure(`the definitions cannot be used:\n${compiled.diagnostics.map(formatDiagnostic).join('\n')}`);
}
