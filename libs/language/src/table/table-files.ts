import { parseDocument } from 'yaml';
import type { Source } from '../source/source.js';

/** The file of a table, as text; or why there is none, in words that end a sentence. */
export type TableSource = Source | { readonly file: string; readonly unreadable: string };

/**
 * The files of all tables that the sources name, each once, for the caller to read. They lie beside the source that names
 * them, or below; a name that leads elsewhere is left out here and reported by the compiler.
 */
export function tableFilesOf(sources: readonly Source[]): readonly string[] {
  const files = sources.flatMap((source) =>
    namesIn(source.text).flatMap((name) => tableFileBeside(source.file, name) ?? []),
  );
  return [...new Set(files)].sort();
}

/** The path of a table's file, as the path of the source that names it; null when the name leads out of its folder. */
export function tableFileBeside(sourceFile: string, name: string): string | null {
  const steps = name.split('/').filter((step) => step !== '.');
  const isInside = steps.every((step) => step !== '' && step !== '..' && !/[\\:\0]/.test(step));
  if (!isInside || !/\.(csv|ya?ml)$/.test(name)) return null;
  const folder = sourceFile.slice(0, Math.max(sourceFile.lastIndexOf('/'), sourceFile.lastIndexOf('\\')) + 1);
  return folder + steps.join('/');
}

/** What stands at `tables: { …: { file: here } }`. A source that cannot be read names nothing; the compiler says why. */
function namesIn(text: string): readonly string[] {
  // Most sources name none, and reading one takes time. A key may be written with escapes.
  if (!/tables|\\/.test(text)) return [];
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return [];
  return entriesOf(plain(document), 'tables').flatMap((table) => {
    const file = isMap(table) ? table['file'] : undefined;
    return typeof file === 'string' ? [file] : [];
  });
}

function plain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS() as unknown;
  } catch {
    return null;
  }
}

function entriesOf(value: unknown, key: string): readonly unknown[] {
  const inner = isMap(value) ? value[key] : undefined;
  return isMap(inner) ? Object.values(inner) : [];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
