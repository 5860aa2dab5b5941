import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileCatalog } from './index.js';

const LINES = [
  ...[
    'state:',
    '  agent:',
    '    a: { type: time }',
    '    b:',
    '      type: number',
    '      set:',
    '        - { on: A, add: 1 }',
  ],
  ...[
    'events:',
    '  agent: { A: { on: AppActionEvent } }',
    '    A: { at: agent.a }',
    'forget:',
    '  agent: agent.lastEventAt',
  ],
  ...[
    'metrics:',
    '  - name: x_total',
    '    help: X.',
    '    type: counter',
    '    for: agent',
    '    on: [A]',
    '    labels:',
  ],
  ...[
    '      a: event.uid',
    '    formula: sum(x_total)',
    '  - 5',
    '  -',
    '    by: [a]',
    '    when: !x',
    '    value: max(a, b)',
  ],
  ...[
    '    over: agent',
    '    type: gauge',
    '? a',
    '&x a: *x',
    '---',
    '<<: *x',
    '\t',
    '"',
    '{',
    ']',
    '# c',
    'null',
    '~',
    '- - -',
  ],
];

it('reports or compiles whatever files it is given, and never throws', () => {
  const text = fc.array(fc.constantFrom(...LINES), { maxLength: 25 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 3 }), (texts) => {
      const result = compileCatalog(texts.map((each, index) => ({ file: `${index}.yaml`, text: each })));
      expect(result.ok || result.diagnostics.length > 0).toBe(true);
      for (const { line, col } of result.ok ? result.warnings : result.diagnostics) {
        expect(Math.min(line, col)).toBeGreaterThan(0);
      }
    }),
    { numRuns: 500 },
  );
});
