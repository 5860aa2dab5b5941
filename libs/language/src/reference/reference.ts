import { ENTITY_KINDS, EVENT_FIELD_MEANINGS, EVENT_FIELDS, EVENT_TYPE_MEANINGS, EVENT_TYPES } from '@app/event';
import type { Catalog, EntityPlan, FieldPlan, MetricPlan } from '../catalog.js';
import { DIAGNOSTIC_CODES } from '../diagnostic-codes.js';
import { FUNCTIONS } from '../expression/functions.js';
import { MACROS } from '../expression/macros.js';
import { CALLS } from '../formula/selector.js';

const OPENING = `# Reference

Generated from the declarations and the shipped definitions; a test keeps it current. The shapes of definition and test files are told
by \`config/schemas/\`, which editors read.`;

/** Functions that are planned by themselves, because they take no plain values. */
const SPECIAL_FUNCTIONS = [
  { usage: 'has(x.field)', meaning: 'Whether the field has a value: x.field != null.' },
  {
    usage: 'age(time)',
    meaning: 'The seconds since a time; only in over: metrics, alone or compared with a constant.',
  },
];

const CONSTANTS = 'Besides the operators; `minute`, `hour` and `day` are constants, in seconds.';

/** What may be named in definitions, and what a diagnostic means: the page `docs/reference.md`. */
export function describeLanguage(catalog: Catalog): string {
  const entities = ENTITY_KINDS.map((kind) => catalog.entities[kind]);
  return [
    OPENING,
    section('Event types', 'In the order in which events of the same time are applied.', eventTypes()),
    section(
      'Event fields',
      'Read as `event.…`; times are Unix time in seconds. All but the first five may be null.',
      eventFields(),
    ),
    ...entities.map(stateSection),
    section('Functions', CONSTANTS, functions([...FUNCTIONS.values(), ...SPECIAL_FUNCTIONS])),
    section('Functions over lists', '`x` is a name for the element.', functions([...MACROS.values()])),
    section(
      'Functions of formulas',
      'A condition on labels can follow the arguments.',
      functions(Object.values(CALLS)),
    ),
    section('Metrics', 'Shipped; each has the label `account_id`, too.', metrics(catalog.metrics)),
    section('Diagnostics', 'Written as `file:line:col: code: what is wrong — what to do`.', diagnostics()),
  ].join('\n\n');
}

function section(title: string, opening: string, rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const lines = [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.map(cell).join(' | ')} |`);
  return `## ${title}\n\n${opening}\n\n${lines.join('\n')}\n`.trimEnd();
}

/** Of a table's cell, a bar would be its end. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function code(text: string): string {
  return `\`${text}\``;
}

function eventTypes(): readonly (readonly string[])[] {
  return [['type', 'meaning'], ...EVENT_TYPES.map((type) => [code(type), EVENT_TYPE_MEANINGS[type]])];
}

function eventFields(): readonly (readonly string[])[] {
  const names = Object.keys(EVENT_FIELDS) as (keyof typeof EVENT_FIELDS)[];
  const rows = names.map((name) => [code(name), EVENT_FIELDS[name], EVENT_FIELD_MEANINGS[name]]);
  return [['field', 'type', 'meaning'], ...rows];
}

function stateSection(plan: EntityPlan): string {
  const rows = plan.fields.map((field, index) => [
    code(field.name),
    field.type,
    code(String(field.initial)),
    setWith(plan, field, index),
  ]);
  const opening = `Read as \`${plan.kind}.…\`.`;
  return section(`State of ${plan.kind === 'agent' ? 'an' : 'a'} ${plan.kind}`, opening, [
    ['field', 'type', 'at first', 'set with'],
    ...rows,
  ]);
}

/** The events that set a field, in the order of their names' first use. */
function setWith(plan: EntityPlan, field: FieldPlan, index: number): string {
  if (plan.sinces.some((since) => since.field === index)) return 'a condition on the state (`since:`)';
  const reactions = [...plan.reactions.values()];
  const sets = reactions.flatMap((reaction) => reaction.sets.filter((set) => set.field === index));
  const names = sets.flatMap((set) => set.rules.flatMap((rule) => rule.on.map((name) => plan.names[name] ?? '')));
  return names.length === 0 ? 'built in' : [...new Set(names)].sort().map(code).join(', ');
}

function functions(specs: readonly { usage: string; meaning: string }[]): readonly (readonly string[])[] {
  return [['function', 'meaning'], ...specs.map(({ usage, meaning }) => [call(usage), meaning])];
}

/** The call is code; what follows it is not. */
function call(usage: string): string {
  const end = usage.lastIndexOf(')') + 1;
  return code(usage.slice(0, end)) + usage.slice(end);
}

function metrics(plans: readonly MetricPlan[]): readonly (readonly string[])[] {
  const rows = plans
    .filter((plan) => plan.exported)
    .map((plan) => [code(plan.name), plan.type, plan.labelNames.map(code).join(', '), plan.help, plan.source ?? '']);
  return [['metric', 'type', 'labels', 'meaning', 'follows'], ...rows];
}

function diagnostics(): readonly (readonly string[])[] {
  return [['code', 'meaning'], ...Object.entries(DIAGNOSTIC_CODES).map(([name, meaning]) => [code(name), meaning])];
}
