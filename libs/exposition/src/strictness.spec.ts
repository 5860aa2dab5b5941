import { describe, expect, it } from '@jest/globals';
import { breaches } from '../../../test/support/strict-exposition.js';
import type { Family } from './family.js';
import { renderOpenMetrics, renderPrometheus } from './text-format.js';

const NASTY = ['', 'plain', 'quo"te', 'back\\slash', 'line\nfeed', '\\n', 'a="b",c', '}', ' ', '\t', 'ünï', '\\"'];
const VALUES = [0n, 1n, -1n, 10n ** 18n, 0.1, 1e-7, 1e21, 1e300, -0];

function familyOf(name: string, type: Family['type']): Family {
  const samples = NASTY.flatMap((a) =>
    VALUES.map((value, index) => ({
      labels: ['1', a, String(index)],
      value,
      count: 3,
      buckets: type === 'histogram' ? [1, 1, 1] : [],
      createdMs: 1_700_000_000_001,
    })),
  );
  const bounds = type === 'histogram' ? [0.005, 1e7] : [];
  return { name, help: NASTY.join(' '), type, labelNames: ['account_id', 'a', 'i'], bounds, samples };
}

describe('both text formats, read strictly', () => {
  const families = [familyOf('c_total', 'counter'), familyOf('g', 'gauge'), familyOf('h', 'histogram')];

  it.each([
    { name: 'Prometheus', render: renderPrometheus },
    { name: 'OpenMetrics', render: renderOpenMetrics },
  ])('$name: whatever the labels, helps and values', async ({ render }) => {
    let text = '';
    for await (const chunk of render(families)) text += chunk;
    expect(breaches(text)).toEqual([]);
    expect(text.split('\n').length).toBeGreaterThan(NASTY.length * VALUES.length * 7);
  });

  it('the strict reader itself sees what is wrong', () => {
    expect(breaches('# HELP a x\n# TYPE a gauge\na{b="c} 1\na 1\na 1\nb 1')).toEqual([
      'no line feed at the end',
      'not understood: a{b="c} 1',
      'series twice: a 1',
    ]);
  });
});
