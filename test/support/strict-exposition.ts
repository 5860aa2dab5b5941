const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"`;
const VALUE = String.raw`(?:-?\d+(?:\.\d+)?(?:e[+-]\d+)?|[+-]Inf|NaN)`;
const SAMPLE = new RegExp(`^(${NAME})(\\{${LABEL}(?:,${LABEL})*\\})? (${VALUE})$`);
const META = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`);

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['', '_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count', '_created'],
};

/** Every breach of the text formats that a strict parser would complain of. */
export function breaches(text: string): string[] {
  const found: string[] = [];
  const families = new Set<string>();
  const series = new Set<string>();
  let current = { name: '', type: '' };
  if (!text.endsWith('\n')) found.push('no line feed at the end');
  for (const line of text.split('\n').slice(0, -1)) {
    const meta = META.exec(line);
    const sample = SAMPLE.exec(line);
    if (line === '# EOF') continue;
    if (meta !== null) {
      const [, keyword, name = '', content = ''] = meta;
      if (keyword === 'HELP' && families.has(name)) found.push(`family twice: ${line}`);
      if (keyword === 'TYPE' && current.name !== name) found.push(`type before help: ${line}`);
      families.add(name);
      current = { name, type: keyword === 'TYPE' ? content : '' };
    } else if (sample !== null) {
      const [, name = '', labels = ''] = sample;
      if (!(SUFFIXES[current.type] ?? []).some((suffix) => current.name + suffix === name)) {
        found.push(`not of family ${current.name}: ${line}`);
      }
      if (series.has(name + labels)) found.push(`series twice: ${line}`);
      series.add(name + labels);
    } else {
      found.push(`not understood: ${line}`);
    }
  }
  return found;
}
