import { cpus } from 'node:os';
import type { Finding, Result } from './result.js';

/** Everything that a run has found. */
export interface Report {
  readonly quick: boolean;
  readonly machine: string;
  readonly findings: Record<string, readonly Finding[]>;
}

/** Where it was measured, in words. */
export function machine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? 'unknown CPU'}, Node ${process.version}`;
}

/** The results as a Markdown table, ratios first. */
export function tableOf({ findings }: Pick<Report, 'findings'>): string {
  const results = Object.values(findings)
    .flat()
    .flatMap((finding) => (finding.kind === 'result' ? [finding.result] : []));
  const ordered = [...results.filter(isRatio), ...results.filter((result) => !isRatio(result))];
  const head = ['', 'median', 'least – most', 'rounds', 'budget', 'command'];
  const rows = ordered.map((result) => [
    `${result.bench}: ${result.what}`,
    `**${written(result.median)} ${result.unit}**`,
    `${written(result.least)} – ${written(result.most)}`,
    String(result.rounds),
    budgetOf(result),
    `\`npm run bench -- ${result.bench}\``,
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Whether the budget is kept; null where there is none. */
export function isKept({ median, budget }: Result): boolean | null {
  if (budget === undefined) return null;
  return budget.sense === 'at least' ? median >= budget.value : median <= budget.value;
}

/** Three significant digits, thousands apart. */
export function written(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) < 1_000 ? String(rounded) : rounded.toLocaleString('en-US').replaceAll(',', ' ');
}

function isRatio({ unit }: Result): boolean {
  return unit === '×' || unit === '%';
}

function budgetOf(result: Result): string {
  const { budget } = result;
  if (budget === undefined) return '';
  return `${budget.sense} ${written(budget.value)} ${result.unit}: ${isKept(result) === true ? 'kept' : 'MISSED'}`;
}
