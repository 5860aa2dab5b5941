import { type DeclarationError, parseDeclarations } from '../declarations.js';
import { knownKeys, type SourceDeclaration, sourcesSchema } from './schema.js';

/** The declared sources, or every error in the file, in its order. */
export type ParsedSources =
  | { readonly ok: true; readonly sources: Readonly<Record<string, SourceDeclaration>> }
  | { readonly ok: false; readonly errors: readonly DeclarationError[] };

/** Reads the text of `sources.yaml`. `file` is how the errors call it. */
export function parseSources(file: string, text: string): ParsedSources {
  const parsed = parseDeclarations(file, text, { schema: sourcesSchema, knownKeys });
  return parsed.ok ? { ok: true, sources: parsed.value.sources } : parsed;
}
