import { basename } from 'node:path';
import { compileCatalog, type CompileResult, type Diagnostic, formatDiagnostic, type Watch } from '@app/language';
import type { ConfigFolder, LeftOutPack } from './config-folder.js';

/**
 * Compiles the definitions of a folder; what is wrong in `packs.yaml` comes first. What is wrong only because a pack is left out is told where that is said, once per
 * pack, rather than at every place that misses something.
 * @param watch Is shown what the catalog decides.
 */
export function compileFolder(folder: ConfigFolder, watch: Watch | null = null): CompileResult {
  const compiled = compileCatalog(folder.definitions, folder.tables, watch);
  if (compiled.ok && folder.packErrors.length === 0) return compiled;
  const found = compiled.ok ? [] : compiled.diagnostics;
  return { ok: false, diagnostics: [...folder.packErrors, ...withoutMissed(folder, found)] };
}

/** The diagnostics, where all that one pack would make go away is one that names it. */
function withoutMissed(folder: ConfigFolder, found: readonly Diagnostic[]): Diagnostic[] {
  let rest = found;
  const needed: Diagnostic[] = [];
  for (const pack of folder.leftOut) {
    const missed = missedWithout(folder, pack, found);
    if (missed.length === 0) continue;
    needed.push(isNeeded(pack, missed));
    rest = rest.filter((diagnostic) => !missed.includes(diagnostic));
  }
  return [...needed, ...rest];
}

/** Those of the diagnostics that the pack would make go away. */
function missedWithout(folder: ConfigFolder, pack: LeftOutPack, found: readonly Diagnostic[]): Diagnostic[] {
  const whole = compileCatalog([...folder.definitions, pack.source], [...folder.tables, ...pack.tables]);
  const stay = new Set(whole.ok ? [] : whole.diagnostics.map(formatDiagnostic));
  return found.filter((diagnostic) => !stay.has(formatDiagnostic(diagnostic)));
}

function isNeeded({ pack, place }: LeftOutPack, missed: readonly Diagnostic[]): Diagnostic {
  const files = [...new Set(missed.map(({ file }) => basename(file)))].join(', ');
  return {
    ...place,
    severity: 'error',
    code: 'unknown-name',
    message: `the pack "${pack}" is left out, but ${files} cannot do without it`,
    remedy: 'take it out of this list, or leave them out, too',
  };
}
