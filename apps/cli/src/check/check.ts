import { type Catalog, formatDiagnostic } from '@app/language';
import { EXIT, type ExitCode } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { counted } from '../trace/text.js';
import { type Findings, findingsOf, type Found, isError } from './found.js';

/** Which config folder is checked, and how it is told. */
export interface CheckOptions {
  readonly configDir: string;
  readonly json: boolean;
}

/** Checks a config folder: prints every error and warning, and what there is. Warnings are no problems. */
export async function check({ configDir, json }: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const findings = await findingsOf(configDir);
  const errors = findings.found.filter(isError).length;
  if (json) {
    await terminal.out(checkJson(findings, errors));
  } else {
    for (const each of findings.found) terminal.err(lineOf(each));
    await terminal.out(`${tally(findings, errors)}\n`);
  }
  return errors === 0 ? EXIT.good : EXIT.problems;
}

/** An error stands as it is, so that editors and CI find the place; a warning says that it is one. */
function lineOf(found: Found): string {
  return `${isError(found) ? '' : 'warning: '}${formatDiagnostic(found)}`;
}

function tally({ files, found, catalog, tests }: Findings, errors: number): string {
  const warnings = counted(found.length - errors, 'warning');
  const told = errors === 0 ? [warnings] : [counted(errors, 'error'), ...(found.length > errors ? [warnings] : [])];
  const head = [counted(files, 'file'), ...told].join(', ');
  if (errors === 0 && catalog !== null) return `${head}: ${contents(catalog)}, ${counted(tests, 'test')}`;
  return catalog === null ? `${head}; tests are checked when the definitions are right` : head;
}

/** `22 metrics, 15 fields of a conversation, 9 fields of an agent`. */
function contents({ metrics, entities: { conversation, agent } }: Catalog): string {
  return [
    counted(metrics.length, 'metric'),
    `${counted(conversation.fields.length, 'field')} of a conversation`,
    `${counted(agent.fields.length, 'field')} of an agent`,
  ].join(', ');
}

/** All that was found as one JSON document; line and column count from 1. */
function checkJson({ files, found, catalog, tests }: Findings, errors: number): string {
  const diagnostics = found.map(({ severity, file, line, col, code, message, remedy }) => {
    return { severity, file, line, col, code, message, remedy };
  });
  const report = {
    files,
    errors,
    warnings: found.length - errors,
    metrics: catalog?.metrics.length ?? null,
    tests: catalog === null ? null : tests,
    diagnostics,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
