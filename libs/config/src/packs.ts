import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

const schema = z.strictObject({ off: z.array(z.string()) });

/** A pack that is left out, and where that is said. */
export interface LeftOut {
  readonly pack: string;
  readonly line: number;
  readonly col: number;
}

/** What `packs.yaml` leaves out, or what is wrong with it, as `file:line:col: code: what is wrong — what to do`. */
export type ParsedPacks =
  { readonly ok: true; readonly off: readonly LeftOut[] } | { readonly ok: false; readonly errors: readonly string[] };

/**
 * Reads the text of `packs.yaml`, which says `off: [attention, focus]`: the packs of these names are left out.
 * @param packs The names of all packs: of the definition files, without ending.
 */
export function parsePacks(file: string, text: string, packs: readonly string[]): ParsedPacks {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number) => lines.linePos(offset);
  const told = (offset: number, rest: string) => `${file}:${placeOf(offset).line}:${placeOf(offset).col}: ${rest}`;
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) return { ok: false, errors: [told(fault.pos[0], `yaml: ${fault.message}`)] };
  const parsed = schema.safeParse(document.toJS() ?? { off: [] });
  if (!parsed.success) {
    return { ok: false, errors: [told(0, 'wrong-shape: this is no list of packs — write "off: [attention, focus]"')] };
  }
  const off = parsed.data.off.map((pack, index) => {
    const node = document.getIn(['off', index], true);
    return { pack, ...placeOf(isNode(node) && node.range ? node.range[0] : 0) };
  });
  const errors = off
    .filter(({ pack }) => !packs.includes(pack))
    .map(({ pack, line, col }) => {
      const known = `packs are ${packs.join(', ')}`;
      return `${file}:${line}:${col}: unknown-name: there is no pack "${pack}" — ${known}`;
    });
  return errors.length > 0 ? { ok: false, errors } : { ok: true, off };
}
