import { parseArgs } from 'node:util';
import { writeFileSync } from 'node:fs';
import { engineBench } from './engine.js';
import { ingestionBench } from './ingestion.js';
import { endToEndBench } from './end-to-end.js';
import { freshnessBench } from './freshness.js';
import { growthBench } from './growth.js';
import { memoryBench } from './memory.js';
import { publish } from './publish.js';
import { machine, type Report, tableOf } from './report.js';
import type { Bench, Finding } from './result.js';
import { scrapeBench } from './scrape.js';
import { standstillBench } from './standstill.js';
import { testsBench } from './tests.js';
import { workersBench } from './workers.js';

/** In the order of the budgets of the design. */
const BENCHES: Readonly<Record<string, Bench>> = {
  ingestion: ingestionBench,
  engine: engineBench,
  'end-to-end': endToEndBench,
  workers: workersBench,
  freshness: freshnessBench,
  scrape: scrapeBench,
  memory: memoryBench,
  standstill: standstillBench,
  growth: growthBench,
  tests: testsBench,
};

const USAGE = `npm run bench -- [${Object.keys(BENCHES).join('|')}]… [--quick] [--json FILE] [--publish]
  --quick    small loads and few rounds: shows that it works, its numbers mean little
  --json     writes the results to a file
  --publish  writes docs/performance.json, .md and .svg; benches that were not run keep their last results`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: 'boolean' }, json: { type: 'string' }, publish: { type: 'boolean' } },
  });
  const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) throw new Error(`there is no bench ${unknown.join(', ')}\n${USAGE}`);
  const report: Report = { quick: values.quick === true, machine: machine(), findings: {} };
  for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHES)) {
    report.findings[name] = await run(name, report.quick);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  process.stdout.write(`\n${tableOf(report)}\n`);
  if (values.publish === true) await publish(report);
}

async function run(name: string, quick: boolean): Promise<Finding[]> {
  const startedAt = performance.now();
  const say = (line: string): void => {
    process.stderr.write(`${name} (${((performance.now() - startedAt) / 1000).toFixed(0)} s): ${line}\n`);
  };
  const findings: Finding[] = [];
  for await (const finding of BENCHES[name]?.({ quick, say }) ?? []) {
    findings.push(finding);
    if (finding.kind === 'growth') say(`${finding.growth.title}: ${JSON.stringify(finding.growth.points)}`);
    else say(`${finding.result.what}: ${finding.result.median.toPrecision(4)} ${finding.result.unit}`);
  }
  return findings;
}

await main();
process.exit(0);
