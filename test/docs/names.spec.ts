import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { shippedCatalog } from '../support/shipped.js';

const ROOT = join(import.meta.dirname, '../..');

/** Where metrics of our own are declared. */
const DECLARED = ['libs/telemetry/src', 'libs/exposition/src', 'apps/ingestion/src', 'apps/metrics/src']
  .flatMap((dir) =>
    readdirSync(join(ROOT, dir), { recursive: true, encoding: 'utf8' }).map((name) => join(ROOT, dir, name)),
  )
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

const shipped = new Set(shippedCatalog().metrics.map(({ name }) => name));

/** `livemeter_…` is declared in full, or its last part is, after a prefix. */
function isDeclared(name: string): boolean {
  return DECLARED.includes(`'${name}'`) || DECLARED.includes(`'${name.replace('livemeter_', '')}'`);
}

function isMetric(name: string): boolean {
  const family = name.replace(/_(sum|count|bucket)$/, '');
  return shipped.has(name) || shipped.has(family) || isDeclared(name);
}

/** Metrics named in backticks, or asked for in an expression in backticks. */
function metricsIn(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
  const names = quoted.flatMap((code) =>
    [...code.matchAll(/(?<![:\w])[a-z]+(?:_[a-z0-9]+)+(?![:\w=])/g)].map(([name]) => name),
  );
  return names.filter((name) => !/^(used_memory|agent_id|account_id)$/.test(name));
}

describe.each(['docs/runbook.md', 'docs/migrating.md', 'docs/operating.md'])('%s', (page) => {
  it('names metrics that exist', () => {
    const names = metricsIn(page);
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !isMetric(name))).toEqual([]);
  });

  it('leads to pages that exist', () => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[\w-]+)?\)/g)].map((match) => match[1] ?? '');
    const missing = links.filter(
      (link) => !readdirSync(join(ROOT, 'docs', link, '..')).includes(link.split('/').at(-1) ?? ''),
    );
    expect(missing).toEqual([]);
  });
});
