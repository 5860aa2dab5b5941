/** How rows are printed. */
export const FORMATS = ['table', 'csv', 'json'] as const;

export type QueryFormat = (typeof FORMATS)[number];

/** A table that people read holds at most so many rows. */
export const TABLE_MAX = 1_000;

/** Values as text; what is nothing is empty. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Rows in columns, under their names; a value that is long or has line breaks is cut. */
export function tableText(names: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => row.map((value) => shortened(textOf(value))));
  const widths = names.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (values: readonly string[]) =>
    values
      .map((value, column) => value.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(names), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)]
    .map((one) => `${one}\n`)
    .join('');
}

function shortened(text: string): string {
  // eslint-disable-next-line no-control-regex -- what is shown on a terminal must not steer it
  const plain = text.replace(/[\u0000-\u001f\u007f]+/g, ' ');
  return plain.length <= 80 ? plain : `${plain.slice(0, 79)}…`;
}

/** One line of comma-separated values (RFC 4180). */
export function csvLine(values: readonly unknown[]): string {
  const cell = (value: unknown): string => {
    const text = textOf(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${values.map(cell).join(',')}\n`;
}
