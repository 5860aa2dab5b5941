import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { ROOT } from './catalogs.js';
import { chartOf } from './chart.js';
import { type Report, tableOf } from './report.js';
import type { Growth } from './result.js';

const DOCS = join(ROOT, 'docs');
const BEGIN = '<!-- results: written by npm run bench -- --publish -->';
const END = '<!-- end of results -->';

/** Writes the results into the documentation. What this run has not measured stays as it was measured last. */
export async function publish(report: Report): Promise<void> {
  const file = join(DOCS, 'performance.json');
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : null;
  const merged: Report = { ...report, findings: { ...before?.findings, ...report.findings } };
  await write('performance.json', JSON.stringify(merged), 'json');
  const growths = growthsOf(merged);
  if (growths.length > 0) writeFileSync(join(DOCS, 'performance.svg'), chartOf(growths));
  const picture = growths.length > 0 ? `\n\n## How it grows\n\n![Throughput as things grow](performance.svg)` : '';
  const page = readFileSync(join(DOCS, 'performance.md'), 'utf8');
  const [head = '', rest = ''] = page.split(BEGIN);
  const tail = rest.split(END)[1] ?? '';
  const kind = merged.quick ? ' **A quick run: the numbers mean little.**' : '';
  const results = `Measured on ${merged.machine}.${kind}\n\n${tableOf(merged)}${picture}`;
  await write('performance.md', `${head}${BEGIN}\n\n${results}\n\n${END}${tail}`, 'markdown');
}

function growthsOf({ findings }: Report): Growth[] {
  return Object.values(findings)
    .flat()
    .flatMap((finding) => (finding.kind === 'growth' ? [finding.growth] : []));
}

async function write(name: string, text: string, parser: string): Promise<void> {
  const file = join(DOCS, name);
  const options = await prettier.resolveConfig(file);
  writeFileSync(file, await prettier.format(text, { ...options, parser }));
}
