import { expect, it } from '@jest/globals';
import { compileCatalog, formatDiagnostic, readTests, warnOfUntested } from '../index.js';

const DEFINITIONS = `metrics:
  - { name: seen, help: S., type: gauge, over: agent }
  - { name: absent, help: A., type: gauge, over: agent }
  - { name: _hidden, help: H., type: gauge, over: agent }
  - { name: twice, help: T., type: gauge, formula: value(_inner) * 2 }
  - { name: other, help: O., type: gauge, over: agent }
  - { name: _inner, help: I., type: gauge, formula: value(_hidden) }
`;

function told(tests: string): readonly string[] {
  const compiled = compileCatalog([{ file: 'm.yaml', text: DEFINITIONS }]);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
  const read = readTests({ file: 't.yaml', text: tests }, compiled.catalog);
  if (read.diagnostics.length > 0) throw new Error(read.diagnostics.map(formatDiagnostic).join('\n'));
  return warnOfUntested(compiled.catalog, read.tests, compiled.places).map(formatDiagnostic);
}

const REMEDY = 'tell a story with it in a *.test.yaml beside the definitions';

it('warns of a metric of which no test wants a sample, where it is defined', () => {
  const tests = `tests:
  - name: an agent
    events: [{ at: 0s, type: AgentSnapshotEvent, agent: a1 }]
    expect:
      - { at: 1s, metric: seen, samples: [{ value: 1 }] }
      - { at: 1s, metric: twice, samples: [{ value: 2 }] }
      - { at: 1s, metric: absent, samples: [] }
`;
  expect(told(tests)).toEqual([
    `m.yaml:3:13: untested: no test wants a sample of "absent" — ${REMEDY}`,
    `m.yaml:6:13: untested: no test wants a sample of "other" — ${REMEDY}`,
  ]);
});

it('warns of every metric where there are no tests', () => {
  expect(told('tests: []\n').map((line) => line.split(':')[1])).toEqual(['2', '3', '4', '5', '6', '7']);
});
