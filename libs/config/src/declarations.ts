import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { didYouMean, type Position } from '@app/language';

/** An error in a file of declarations; `formatDiagnostic` writes it as `file:line:col: code: what — remedy`. */
export interface DeclarationError extends Position {
  readonly code: 'yaml-syntax' | 'unknown-key' | 'missing-key' | 'invalid-value';
  readonly message: string;
  readonly remedy: string;
}

/** What a file declares, or every error in it, in its order. */
export type ParsedDeclarations<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly errors: readonly DeclarationError[] };

/** What may stand in a file. */
export interface Declarable<Value> {
  readonly schema: z.ZodType<Value>;
  /** The keys that may stand in the mapping at `path`; `type` is what it says of itself under that key. */
  readonly knownKeys: (path: readonly PropertyKey[], type: unknown) => readonly string[];
}

interface Parsed {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly knownKeys: Declarable<unknown>['knownKeys'];
}

/** Reads the text of a file. `file` is how the errors call it. */
export function parseDeclarations<Value>(
  file: string,
  text: string,
  { schema, knownKeys }: Declarable<Value>,
): ParsedDeclarations<Value> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const parsed: Parsed = { file, document, lines, knownKeys };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return failure(
      parsed,
      faults.map(({ pos, message }) => ({
        offset: pos[0],
        code: 'yaml-syntax',
        message,
        remedy: 'correct the YAML here; nothing else of the file was looked at',
      })),
    );
  }
  const checked = schema.safeParse(document.toJS() ?? {});
  if (checked.success) return { ok: true, value: checked.data };
  return failure(
    parsed,
    checked.error.issues.flatMap((issue) => describe(parsed, issue)),
  );
}

interface Finding extends Pick<DeclarationError, 'code' | 'message' | 'remedy'> {
  readonly offset: number;
}

function describe(parsed: Parsed, issue: z.core.$ZodIssue): Finding[] {
  const name = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const type: unknown = parsed.document.getIn([...issue.path, 'type']);
    const known = parsed.knownKeys(issue.path, type);
    return issue.keys.map((key) => ({
      offset: keyOffset(parsed, [...issue.path, key]),
      code: 'unknown-key',
      message: `"${key}" has no meaning here`,
      remedy: didYouMean(key, known, `known are ${known.join(', ')}`),
    }));
  }
  const offset = nodeOffset(parsed, issue.path);
  if (issue.code === 'invalid_type' && !parsed.document.hasIn(issue.path)) {
    return [{ offset, code: 'missing-key', message: `"${name}" is missing`, remedy: 'add it' }];
  }
  const said = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return [{ offset, code: 'invalid-value', ...whatAndRemedy(name, said) }];
}

/** The schema says what is wrong and what to do, or only what is wanted: that is the remedy then. */
function whatAndRemedy(name: string, said: string): Pick<Finding, 'message' | 'remedy'> {
  const [what = '', remedy] = said.split(' — ');
  if (remedy !== undefined) return { message: `"${name}": ${what}`, remedy };
  return { message: `"${name}" cannot be this`, remedy: what };
}

/** All findings, in the order of the file. */
function failure({ file, lines }: Parsed, findings: readonly Finding[]): ParsedDeclarations<never> {
  const inOrder = [...findings].sort((a, b) => a.offset - b.offset);
  const errors = inOrder.map(({ offset, ...said }) => ({ file, ...lines.linePos(offset), ...said }));
  return { ok: false, errors };
}

/** Where the value at `path` begins, or the nearest thing around it that is there. */
function nodeOffset(parsed: Parsed, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = parsed.document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function keyOffset(parsed: Parsed, path: readonly PropertyKey[]): number {
  const map = parsed.document.getIn(path.slice(0, -1), true);
  const pair = isMap(map) ? map.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1)) : undefined;
  const key = pair?.key;
  return isScalar(key) && key.range ? key.range[0] : nodeOffset(parsed, path);
}
