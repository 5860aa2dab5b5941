import type { DiagnosticCode } from './diagnostic-codes.js';

/** A place in a source file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

/** What is wrong, and what to do about it. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly remedy: string;
}

/** One finding of the compiler. An error keeps the catalog from being used, a warning does not. */
export interface Diagnostic extends Position, Problem {
  readonly severity: 'error' | 'warning';
}

/** `file:line:col: code: what is wrong — what to do`. */
export function formatDiagnostic(diagnostic: Omit<Problem, 'code'> & Position & { readonly code: string }): string {
  const { file, line, col, code, message, remedy } = diagnostic;
  return `${file}:${line}:${col}: ${code}: ${message} — ${remedy}`;
}

/** Collects what all phases find. */
export class Findings {
  readonly #diagnostics = new Map<string, Diagnostic>();

  error(position: Position, problem: Problem): void {
    this.#add({ ...position, ...problem, severity: 'error' });
  }

  warning(position: Position, problem: Problem): void {
    this.#add({ ...position, ...problem, severity: 'warning' });
  }

  /** All of one severity, each once, by file, line and column. */
  sorted(severity: Diagnostic['severity']): Diagnostic[] {
    return [...this.#diagnostics.values()]
      .filter((diagnostic) => diagnostic.severity === severity)
      .sort(
        (a, b) =>
          compareText(a.file, b.file) ||
          a.line - b.line ||
          a.col - b.col ||
          compareText(a.code, b.code) ||
          compareText(a.message, b.message),
      );
  }

  #add(diagnostic: Diagnostic): void {
    const { file, line, col, code, message, remedy, severity } = diagnostic;
    this.#diagnostics.set(formatDiagnostic(diagnostic), { file, line, col, code, message, remedy, severity });
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
