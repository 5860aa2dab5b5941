import { fieldsOf, meaningOf, typeOf } from './fields.js';
import { type Operation, OPERATIONS, type ParameterPart } from './operations.js';

/** Where the examples of the reference find the metrics app. */
export const EXAMPLE_ADDRESS = 'http://127.0.0.1:8421';

/** The reference of REST as Markdown: `docs/rest.md` below its introduction. */
export function restReference(): string {
  return OPERATIONS.map(section).join('\n');
}

function section(operation: Operation): string {
  const { path, summary, description, parameters, examples } = operation;
  const asked = parameters.filter((parameter) => parameter.in === 'query');
  return [
    `## \`GET ${path}\`\n`,
    `${summary}${description === undefined ? '' : ` ${description}`}\n`,
    ...(asked.length === 0 ? [] : [table(['parameter', 'what it is', 'meaning'], asked.map(parameterRow))]),
    `\`\`\`sh\n${examples.map(curl).join('\n')}\n\`\`\`\n`,
    ...operation.reply.schemas.map((name) =>
      [`${meaningOf(name)}\n`, table(['field', 'what it is', 'meaning'], fieldsOf(name).map(fieldRow))].join('\n'),
    ),
  ].join('\n');
}

/** The command that tries an example. */
export function curl(example: string): string {
  return `curl -sS '${EXAMPLE_ADDRESS}${example}'`;
}

function parameterRow({ name, schema, description }: ParameterPart): string[] {
  return [`\`${name}\``, typeOf(schema), description];
}

function fieldRow({ path, type, meaning }: ReturnType<typeof fieldsOf>[number]): string[] {
  return [`\`${path}\``, type, meaning];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}
