import type { Outcome, Plan } from './run.js';

/** A run in words and tables, for a person. */
export function reportOf(plan: Plan, outcome: Outcome): string {
  const { sent, attempts, replies, missingInRecord, missingInArchive, doubledInArchive, lost, doubled, slowestMs } =
    outcome;
  const told = [...replies].map(([reply, count]) => `${reply} × ${count}`).join(', ');
  return [
    `seed ${plan.seed}, ${plan.durationMs / 1_000} s, hold ${plan.holdMs} ms`,
    '',
    ...table(plan, outcome),
    '',
    ...course(outcome),
    '',
    `events sent            ${sent} distinct, in ${attempts} attempts: ${told}`,
    `slowest                ${seconds(slowestMs)} s from an event to its 200 (the hold must be longer)`,
    `answered 200, in no record   ${missingInRecord}`,
    `answered 200, not archived   ${missingInArchive}; archived twice ${doubledInArchive}`,
    `lost                   ${lost}`,
    `doubled                ${doubled}`,
  ].join('\n');
}

/** How to run it again. */
export function againOf({ seed, durationMs, holdMs, kinds, apart }: Plan): string {
  const faults = `--faults ${kinds.join(',')}${apart ? ' --apart' : ''}`;
  return `npm run chaos -- --seed ${seed} --minutes ${durationMs / 60_000} --hold ${holdMs} ${faults}`;
}

function table({ kinds }: Plan, { injected, gaps }: Outcome): string[] {
  const rows = [...kinds, 'none'].map((kind) => {
    const count = injected.filter((fault) => fault.kind === kind).length;
    const gap = gaps.get(kind);
    const longest = gap === undefined ? ['-', '-'] : [seconds(gap.refusedMs), seconds(gap.behindMs)];
    return [kind, kind === 'none' ? '' : String(count), ...longest];
  });
  const head = ['fault', 'times', 'refused, s', 'behind, s'];
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

/** What was done when, from the first event on, and how long it took until all was well again. */
function course({ startMs, injected }: Outcome): string[] {
  return injected.map(({ kind, target, from, to }) => {
    const when = `${seconds(from - startMs)} s`.padStart(8);
    return `${when}  ${kind} ${target}, overcome after ${seconds(to - from)} s`;
  });
}

function seconds(ms: number): string {
  return (Math.max(0, ms) / 1_000).toFixed(1);
}
