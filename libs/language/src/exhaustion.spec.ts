import { describe, expect, it } from '@jest/globals';
import type { Sample } from './catalog.js';
import { compileCatalog, formatDiagnostic } from './index.js';

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

const label = (expression: string): string =>
  `metrics: [ { name: x_total, help: X., type: counter, for: agent, on: AgentSnapshotEvent, labels: { l: "${expression}" } } ]`;

const letters = [...'abcdefghi'];

/** What would hang or exhaust the compiler or the engine, and what is said of it. */
describe('definitions that would exhaust the engine are refused', () => {
  it.each<{ name: string; texts: readonly string[]; want: string }>([
    { name: 'a huge file', texts: ['#'.repeat(300_000)], want: 'too-large: the file has more than 262144 characters — make several files of it' }, // prettier-ignore
    { name: 'many files', texts: Array.from({ length: 201 }, () => ''), want: 'too-large: there are more than 200 files, or 2097152 characters in all of them — leave some out' }, // prettier-ignore
    { name: 'lists in lists', texts: [`a: ${'['.repeat(9_000)}`], want: 'too-large: maps and lists are nested too deeply — write them flat' }, // prettier-ignore
    { name: 'a map of thousands', texts: [many(9_000, (index) => `k${index}: 1`)], want: 'too-large: a map or list has more than 1000 entries — leave some out' }, // prettier-ignore
    { name: 'aliases of aliases', texts: [letters.map((name, index) => `${name}: &${name} [${index === 0 ? 'x' : `*${letters[index - 1] ?? ''}, `.repeat(9)}]`).join('\n')], want: 'yaml: Excessive alias count indicates a resource exhaustion attack — write the value out where it is used' }, // prettier-ignore
    { name: 'many aliases', texts: [`a: &a 1\nb: [${'*a, '.repeat(500)}]`], want: 'too-large: the file has more than 100 aliases — write the values out' }, // prettier-ignore
    { name: 'many fields', texts: [`state:\n  agent:\n${many(600, (index) => `    f${index}: { type: time }`)}`], want: 'too-large: there are more than 500 fields of agent — leave some out' }, // prettier-ignore
    { name: 'many metrics', texts: [many(999, () => '# x'), ...[0, 1].map((part) => `metrics:\n${many(600, (index) => `  - { name: m${part}_${index}, help: M., type: gauge, over: agent }`)}`)], want: 'too-large: there are more than 1000 metrics — leave some out' }, // prettier-ignore
    { name: 'loops within loops', texts: [label(`[${'1, '.repeat(120)}1].all(x, [${'2, '.repeat(120)}2].all(y, y > x)) ? 'a' : 'b'`)], want: 'too-large: evaluating the expression could take more than 10000 steps — use shorter lists, or no macro within another' }, // prettier-ignore
    { name: 'a pattern of thousands of steps', texts: [label(`event.state.matches('(a{20}b{20}){20}') ? 'a' : 'b'`)], want: "bad-pattern: the pattern '(a{20}b{20}){20}' is too large — make its repetitions smaller" }, // prettier-ignore
  ])('$name', ({ texts, want }) => {
    const compiled = compileCatalog(texts.map((text, index) => ({ file: `${index}.yaml`, text })));
    const diagnostics = compiled.ok ? [] : compiled.diagnostics.map(formatDiagnostic);
    expect(diagnostics.map((each) => each.replace(/^\S+ /, ''))).toContain(want);
  });

  it('a text that doubles with every event has no result when it is long', () => {
    const text = `state: { agent: { name: { type: string, default: x, set: [ { on: AgentSnapshotEvent, to: agent.name + agent.name } ] } } }`;
    const compiled = compileCatalog([{ file: 'a.yaml', text }]);
    if (!compiled.ok) throw new Error('it compiles');
    const rule = compiled.catalog.entities.agent.reactions.get('AgentSnapshotEvent')?.sets[0]?.rules[0];
    const double = (name: string) =>
      rule?.action.value({ state: ['id', 'A', 0, name], event: {} as never, now: 0 }) ?? null;
    expect(double('x'.repeat(4_096))).toBe('x'.repeat(8_192));
    expect(double('x'.repeat(4_097))).toBeNull();
  });

  it('formulas that read two formulas each are evaluated once each', () => {
    const pair = (level: number): string =>
      ['a', 'b']
        .map(
          (side) =>
            `  - { name: ${side}${level}, help: h, type: gauge, formula: ${level === 0 ? 'sum(x_total)' : `value(a${level - 1}) + value(b${level - 1})`} }`,
        )
        .join('\n');
    const text = `metrics:\n  - { name: x_total, help: X., type: counter, for: agent, on: AgentSnapshotEvent }\n${many(40, pair)}`;
    const compiled = compileCatalog([{ file: 'a.yaml', text }]);
    if (!compiled.ok) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
    const last = compiled.catalog.metrics.find((metric) => metric.name === 'a39');
    let reads = 0;
    const samplesOf = (): readonly Sample[] => {
      reads += 1;
      return [{ labels: [], sum: 1, count: 1, buckets: [] }];
    };
    if (last?.kept.kind !== 'formula') throw new Error('it is a formula');
    expect(last.kept.formula.evaluate(samplesOf, null)).toEqual([{ labels: [], value: 2 ** 39 }]);
    expect(reads).toBe(2);
  });
});
