import { bundleText, compileFolder, LARGEST_BUNDLE, readBundle, readConfigFolder } from '@app/config';
import { type Catalog, compileCatalog, formatDiagnostic } from '@app/language';

/** A catalog as files give it, and the files as one text. */
export interface CompiledFiles {
  readonly catalog: Catalog;
  readonly files: string;
  /** Each fit to be shown. */
  readonly warnings: readonly string[];
}

/** The catalog, or everything that is wrong, each fit to be shown. */
export type FilesResult =
  ({ readonly ok: true } & CompiledFiles) | { readonly ok: false; readonly diagnostics: readonly string[] };

/** Reads and compiles this replica's own config folder, whole. */
export async function loadOwnFiles(configDir: string): Promise<FilesResult> {
  const read = await readConfigFolder(configDir);
  if (!read.ok) return { ok: false, diagnostics: [`LIVEMETER_CONFIG: ${read.error}`] };
  const files = bundleText(read.folder);
  if (files.length > LARGEST_BUNDLE) {
    const most = `${LARGEST_BUNDLE / 2 ** 20} MiB`;
    const error = `${read.folder.dir} holds more than ${most} of definitions and tables — make the tables smaller`;
    return { ok: false, diagnostics: [error] };
  }
  return compiled(files, compileFolder(read.folder));
}

/** Compiles what another replica, or this one, has proposed. */
export function compileProposed(files: string): FilesResult {
  const bundle = readBundle(files);
  if (bundle === null)
    return { ok: false, diagnostics: ['its files are kept in a form that this version cannot read'] };
  return compiled(files, compileCatalog(bundle.definitions, bundle.tables));
}

function compiled(files: string, result: ReturnType<typeof compileCatalog>): FilesResult {
  if (!result.ok) return { ok: false, diagnostics: result.diagnostics.map(formatDiagnostic) };
  return { ok: true, catalog: result.catalog, files, warnings: result.warnings.map(formatDiagnostic) };
}
