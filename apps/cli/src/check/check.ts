import { type Catalog, compileCatalog, formatDiagnostic } from '@app/language';
import { readDefinitions } from '../catalog/definition-files.js';
import { EXIT, type ExitCode } from '../failure.js';
import type { Terminal } from '../terminal.js';

/** Checks a config folder: prints every error and warning, then what there is. Problems are errors; warnings are none. */
export async function check(configDir: string, terminal: Terminal): Promise<ExitCode> {
  const files = await readDefinitions(configDir);
  const compiled = compileCatalog(files);
  const errors = compiled.ok ? [] : compiled.diagnostics;
  for (const error of errors) terminal.err(`error  ${formatDiagnostic(error)}`);
  for (const warning of compiled.warnings) terminal.err(`warning  ${formatDiagnostic(warning)}`);
  const found = `${counted(files.length, 'file')}, ${counted(errors.length, 'error')}, ${counted(compiled.warnings.length, 'warning')}`;
  await terminal.out(compiled.ok ? `${found}: ${contents(compiled.catalog)}\n` : `${found}\n`);
  return compiled.ok ? EXIT.good : EXIT.problems;
}

/** `22 metrics over 15 conversation fields and 9 agent fields`. */
function contents({ metrics, entities }: Catalog): string {
  const fields = Object.values(entities).map(({ kind, fields }) => counted(fields.length, `${kind} field`));
  return `${counted(metrics.length, 'metric')} over ${fields.join(' and ')}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
