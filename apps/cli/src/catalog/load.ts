import { type Catalog, compileCatalog, formatDiagnostic } from '@app/language';
import { Failure } from '../failure.js';
import { readDefinitions } from './definition-files.js';

/** The catalog of a config folder. Throws a {@link Failure} that lists every error in it. */
export async function loadCatalog(configDir: string): Promise<Catalog> {
  const { definitions, tables } = await readDefinitions(configDir);
  const compiled = compileCatalog(definitions, tables);
  if (compiled.ok) return compiled.catalog;
  throw new Failure(`the definitions cannot be used:\n${compiled.diagnostics.map(formatDiagnostic).join('\n')}`);
}
