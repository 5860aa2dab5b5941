import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalog, compileCatalog, formatDiagnostic, type Source } from '@app/language';
import { shippedFiles } from './shipped-files.js';

/** The catalog that ships, compiled from `config/metrics`; with further definitions and the files of their tables. */
export function shippedCatalog(more: readonly Source[] = [], tables: readonly Source[] = []): Catalog {
  const dir = join(import.meta.dirname, '../../config/metrics');
  const files = shippedFiles().filter((name) => !name.endsWith('.test.yaml'));
  const shipped = files.map((file) => ({ file, text: readFileSync(join(dir, file), 'utf8') }));
  const compiled = compileCatalog([...shipped, ...more], tables);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
  return compiled.catalog;
}
