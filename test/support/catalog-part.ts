/** Leaves out what is not of the catalog: `livemeter_*`. */
export function catalogPart(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(# (HELP|TYPE) )?livemeter_/.test(line))
    .join('\n');
}
