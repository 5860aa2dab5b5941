import { fieldsOf, meaningOf, typeOf } from './fields.js';
import { methodOf, type Operation, type ParameterPart } from './operation.js';
import { OPERATIONS } from './operations.js';

/** Where the examples of the reference find the metrics app. */
export const EXAMPLE_ADDRESS = 'http://127.0.0.1:8421';

/** The reference of REST as Markdown: `docs/rest.md` below its introduction. */
export function restReference(): string {
  return OPERATIONS.map(section).join('\n');
}

function section(operation: Operation): string {
  const { path, summary, description, parameters } = operation;
  const asked = parameters.filter((parameter) => parameter.in === 'query');
  return [
    `## \`${methodOf(operation).toUpperCase()} ${path}\`\n`,
    `${summary}${description === undefined ? '' : ` ${description}`}\n`,
    ...(asked.length === 0 ? [] : [table(['parameter', 'what it is', 'meaning'], asked.map(parameterRow))]),
    `\`\`\`sh\n${tries(operation).join('\n')}\n\`\`\`\n`,
    ...operation.reply.schemas.map((name) =>
      [`${meaningOf(name)}\n`, table(['field', 'what it is', 'meaning'], fieldsOf(name).map(fieldRow))].join('\n'),
    ),
  ].join('\n');
}

/** The commands that try its examples. */
export function tries({ examples, body }: Operation): string[] {
  const sent = body === undefined ? '' : ` -H 'content-type: application/json' -d '${body.example}'`;
  return examples.map((example) => `curl -sS '${EXAMPLE_ADDRESS}${example}'${sent}`);
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
