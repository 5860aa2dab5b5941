/** Every code that a diagnostic can carry, with what it means. The documentation lists exactly these. */
export const DIAGNOSTIC_CODES = {
  yaml: 'The file is not valid YAML, or YAML reads it otherwise than it looks.',
  'yaml-tag': 'An expression begins with "!", which YAML takes for a tag: it must be put in quotes.',
  'yaml-split': 'YAML cuts an expression at a comma or at " #": it must be put in quotes.',
  'unknown-key': 'A key that does not exist at this place.',
  'missing-key': 'A key that is needed at this place is not there.',
  'conflicting-keys': 'Keys that exclude each other, or that this kind of metric does not have.',
  'wrong-shape': 'A value of the wrong kind: a list where a text is wanted, or a name that is no choice.',
  'invalid-name': 'The name of a field, own event, metric or label does not follow the rules.',
  'reserved-name': 'A name that the language or the exposition keeps for itself.',
  duplicate: 'A field, own event or metric is defined in more than one place.',
  'name-collision': 'Two metrics would be exported under one name.',
  syntax: 'The expression cannot be read.',
  'too-large': 'The expression is beyond the limits of length, size or depth.',
  'unknown-name': 'An expression or a rule names something that does not exist.',
  'unknown-function': 'An expression calls a function that does not exist.',
  'wrong-arguments': 'A function is called with the wrong number or kind of arguments.',
  'wrong-type': 'An operand, or the result of an expression, has a type that does not fit its place.',
  'not-readable-here': 'An expression reads an event, or the other entity, where it cannot be read.',
  'age-misplaced': 'age() stands where it cannot: it is a whole value, or compared with a constant, in over: metrics.',
  'not-constant': 'A constant is wanted, and the expression depends on something.',
  'unknown-zone': 'The time zone does not exist.',
  'bad-pattern': 'The regular expression cannot be read, or cannot be matched in linear time.',
  cycle: 'Definitions depend on each other in a circle.',
  'bad-buckets': 'The bucket bounds of a histogram are not finite, not ascending or out of range.',
  'unknown-label': 'A formula uses a label that a metric does not have.',
  'not-supported-yet': 'A part of the language that this version does not have.',
  'number-as-time': 'A number of seconds is taken as a time; a duration in its place is a common mistake. A warning.',
  'never-set': 'A field is never set: it always has its default. A warning.',
} as const satisfies Record<string, string>;

/** The code of a diagnostic. */
export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
