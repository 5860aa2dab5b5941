import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalog, compileCatalog, formatDiagnostic } from '@app/language';

/** The catalog that ships, compiled from `config/metrics`. */
export function shippedCatalog(): Catalog {
  const dir = join(import.meta.dirname, '../../config/metrics');
  const files = readdirSync(dir).filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'));
  const compiled = compileCatalog(files.map((file) => ({ file, text: readFileSync(join(dir, file), 'utf8') })));
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
  return compiled.catalog;
}
