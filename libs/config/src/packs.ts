import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Diagnostic, didYouMean } from '@app/language';

/** The shape of `packs.yaml`; its JSON Schema is written from it. */
export const packsSchema = z.strictObject({ off: z.array(z.string()) });

/** A pack that is left out, and where that is said. */
export interface LeftOut {
  readonly pack: string;
  readonly line: number;
  readonly col: number;
}

/** What `packs.yaml` leaves out, and everything that is wrong with it; what is wrong leaves nothing out. */
export interface ParsedPacks {
  readonly off: readonly LeftOut[];
  readonly errors: readonly Diagnostic[];
}

interface Reading {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/**
 * Reads the text of `packs.yaml`, which says `off: [occupancy, focus]`: the packs of these names are left out.
 * @param packs The names of all packs: of the definition files, without ending.
 */
export function parsePacks(file: string, text: string, packs: readonly string[]): ParsedPacks {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const reading = { file, document, lines };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) return { off: [], errors: faults.map((fault) => yamlFault(reading, fault)) };
  const parsed = packsSchema.safeParse(document.toJS() ?? { off: [] });
  if (!parsed.success) return { off: [], errors: parsed.error.issues.map(({ path }) => wrongShape(reading, path)) };
  const named = parsed.data.off.map((pack, index) => ({ pack, ...placeOf(reading, ['off', index]) }));
  return {
    off: named.filter(({ pack }) => packs.includes(pack)),
    errors: named.filter(({ pack }) => !packs.includes(pack)).map((each) => unknownPack(file, each, packs)),
  };
}

function yamlFault({ file, lines }: Reading, fault: { pos: [number, number]; message: string }): Diagnostic {
  return {
    ...within(file, lines, fault.pos[0]),
    severity: 'error',
    code: 'yaml',
    message: fault.message,
    remedy: 'correct the YAML here; nothing else of the file was looked at',
  };
}

function wrongShape(reading: Reading, path: readonly PropertyKey[]): Diagnostic {
  return {
    file: reading.file,
    ...placeOf(reading, path),
    severity: 'error',
    code: 'wrong-shape',
    message: 'this is no list of packs',
    remedy: 'write "off: [occupancy, focus]"',
  };
}

function unknownPack(file: string, { pack, line, col }: LeftOut, packs: readonly string[]): Diagnostic {
  return {
    file,
    line,
    col,
    severity: 'error',
    code: 'unknown-name',
    message: `there is no pack "${pack}"`,
    remedy: didYouMean(pack, packs, `packs are ${packs.join(', ')}`),
  };
}

/** Where the value at the path stands; the beginning of the file when there is none. */
function placeOf({ file, document, lines }: Reading, path: readonly PropertyKey[]): { line: number; col: number } {
  const node = document.getIn(path, true);
  const { line, col } = within(file, lines, isNode(node) && node.range ? node.range[0] : 0);
  return { line, col };
}

function within(file: string, lines: LineCounter, offset: number): { file: string; line: number; col: number } {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), col: Math.max(col, 1) };
}
