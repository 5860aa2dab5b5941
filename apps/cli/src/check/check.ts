import { type Catalog, compileCatalog, formatDiagnostic } from '@app/language';
import { folderOf } from '../catalog/folder.js';
import { EXIT, type ExitCode } from '../failure.js';
import type { Terminal } from '../terminal.js';

/** Checks a config folder: prints every error, or every warning and what there is. Warnings are no problems. */
export async function check(configDir: string, terminal: Terminal): Promise<ExitCode> {
  const { definitions, tables } = await folderOf(configDir);
  const compiled = compileCatalog(definitions, tables);
  const found = compiled.ok ? compiled.warnings : compiled.diagnostics;
  for (const diagnostic of found) terminal.err(`${diagnostic.severity}  ${formatDiagnostic(diagnostic)}`);
  const tally = `${counted(definitions.length + tables.length, 'file')}, ${counted(found.length, compiled.ok ? 'warning' : 'error')}`;
  await terminal.out(compiled.ok ? `${tally}: ${contents(compiled.catalog)}\n` : `${tally}\n`);
  return compiled.ok ? EXIT.good : EXIT.problems;
}

/** `22 metrics, 15 fields of a conversation, 9 fields of an agent`. */
function contents({ metrics, entities: { conversation, agent } }: Catalog): string {
  return [
    counted(metrics.length, 'metric'),
    `${counted(conversation.fields.length, 'field')} of a conversation`,
    `${counted(agent.fields.length, 'field')} of an agent`,
  ].join(', ');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
