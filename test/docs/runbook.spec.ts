import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly annotations?: { readonly runbook?: string };
}

const rules: readonly Rule[] = readdirSync(join(ROOT, 'config/prometheus/rules')).flatMap((name) => {
  const file = parse(readFileSync(join(ROOT, 'config/prometheus/rules', name), 'utf8'));
  return file.groups.flatMap((group: { rules: Rule[] }) => group.rules);
});

const alerts = rules.flatMap((rule) => rule.alert ?? []);

function text(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

describe('the rules for Prometheus', () => {
  it('have one paragraph in docs/runbook.md for each alert, and none for others', () => {
    const told = [...text('docs/runbook.md').matchAll(/^## (\w+)$/gm)].map((match) => match[1]);
    expect(told).toEqual(alerts);
  });

  it('lead from each alert to its paragraph', () => {
    const links = rules.flatMap((rule) => rule.annotations?.runbook ?? []);
    expect(links).toEqual(alerts.map((alert) => `docs/runbook.md#${alert.toLowerCase()}`));
  });

  it('are each tested: every alert is raised in a test, every record is read in one', () => {
    const tests = text('config/prometheus/tests/alerts.test.yml');
    const raised = alerts.filter((alert) =>
      new RegExp(`alertname: ${alert}\\n +eval_time: \\S+\\n +exp_alerts:\\n`).test(tests),
    );
    expect(raised).toEqual(alerts);
    const records = rules.flatMap((rule) => rule.record ?? []);
    const read = records.filter((record) =>
      text('config/prometheus/tests/recording.test.yml').includes(`expr: ${record}\n`),
    );
    expect(read).toEqual(records);
  });
});
