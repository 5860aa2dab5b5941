import { compileFolder } from '@app/config';
import { type Catalog, type CompileResult, formatDiagnostic, type Watch } from '@app/language';
import { Failure } from '../failure.js';
import { folderOf } from './folder.js';

/** A catalog and where its parts are defined. */
export type Loaded = Pick<Extract<CompileResult, { ok: true }>, 'catalog' | 'places'>;

/** The catalog of a config folder. Throws a {@link Failure} that lists every error in it. */
export async function loadCatalog(configDir: string): Promise<Catalog> {
  return (await loadWatched(configDir, null)).catalog;
}

/** The same, where `watch` is shown what it decides. */
export async function loadWatched(configDir: string, watch: Watch | null): Promise<Loaded> {
  return usable(compileFolder(await folderOf(configDir), watch));
}

/** What was compiled. Throws a {@link Failure} that lists every error in it. */
export function usable(compiled: CompileResult): Loaded {
  if (compiled.ok) return compiled;
  throw new Failure(`the definitions cannot be used:\n${compiled.diagnostics.map(formatDiagnostic).join('\n')}`);
}
