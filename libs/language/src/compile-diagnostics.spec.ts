import { describe, expect, it } from '@jest/globals';
import { compileCatalog, formatDiagnostic } from './index.js';

interface Case {
  readonly name: string;
  /** One file, or several as `[name, text]`. */
  readonly yaml: string | readonly (readonly [file: string, text: string])[];
  readonly want: readonly string[];
}

/** An otherwise good counter. */
function counter(more: string): string {
  return `metrics:\n  - { name: x_total, help: X., type: counter, for: agent, on: AgentSnapshotEvent${more} }\n`;
}

const CASES: readonly Case[] = [
  { name: 'an empty file', yaml: '', want: [] },
  { name: 'a comment alone', yaml: '# nothing yet\n', want: [] },

  // What YAML makes of it.
  {
    name: 'a tag where a negation was meant',
    yaml: counter(', when: !event.isAssigned'),
    want: [
      'a.yaml:2:89: yaml-tag: YAML takes !event.isAssigned for a tag and drops it — put the expression in quotes: when: "!event.isAssigned"',
    ],
  },
  {
    name: 'a tag where a double negation was meant',
    yaml: counter(', when: !!event.isAssigned'),
    want: [
      'a.yaml:2:89: yaml-tag: YAML takes !!event.isAssigned for a tag and drops it — put the expression in quotes: when: "!!event.isAssigned"',
    ],
  },
  {
    name: 'a tag on a map',
    yaml: counter(', labels: !one { a: event.agentId }'),
    want: ['a.yaml:2:91: yaml-tag: YAML takes !one for a tag and drops it — leave the tag out'],
  },
  {
    name: 'an expression cut at its comma',
    yaml: counter(', value: max(event.maxSlots, 1)'),
    want: [
      'a.yaml:2:90: yaml-split: YAML ends this expression early and reads only max(event.maxSlots — put the expression in quotes: value: "max(event.maxSlots, 1)"',
    ],
  },
  {
    name: 'an expression cut at its comma, and never closed',
    yaml: counter(', value: max(event.maxSlots, 1'),
    want: [
      'a.yaml:2:90: yaml-split: YAML ends this expression early and reads only max(event.maxSlots — close what is open, and put the expression in quotes',
    ],
  },
  {
    name: 'an expression cut at a hash',
    yaml: "forget:\n  agent: agent.id == 'a #1' ? agent.lastEventAt : null\n",
    want: [
      `a.yaml:2:10: yaml-split: YAML ends this expression early and reads only agent.id == 'a — put the expression in quotes: agent: "agent.id == 'a #1' ? agent.lastEventAt : null"`,
    ],
  },
  {
    name: 'a ternary without quotes',
    yaml: 'forget:\n  agent: agent.id == null ? null : agent.lastEventAt\n',
    want: [
      'a.yaml:2:10: yaml: Nested mappings are not allowed in compact mappings — put an expression in quotes: agent: "agent.id == null ? null : agent.lastEventAt"',
    ],
  },
  {
    name: 'an index in a flow map',
    yaml: counter(', value: [1, 2][0]'),
    want: [
      'a.yaml:2:96: yaml: Unexpected flow-seq-start at node end — put an expression in quotes: value: "[1, 2][0]"',
    ],
  },
  {
    name: 'text after a quoted text',
    yaml: "forget:\n  agent: 'a' + 'b'\n",
    want: [`a.yaml:2:14: yaml: Unexpected scalar at node end — put an expression in quotes: agent: "'a' + 'b'"`],
  },
  {
    name: 'a key twice',
    yaml: 'state:\n  agent:\n    a: { type: time }\n    a: { type: bool }\n    b: { typ: bool }\n',
    want: [
      'a.yaml:4:5: duplicate: the key "a" is there twice in this map — leave one of them out, or rename it',
      'a.yaml:5:10: unknown-key: "typ" is not a key of the field "b" — did you mean "type"?',
    ],
  },
  {
    name: 'an unknown alias',
    yaml: 'forget: *later\n',
    want: [
      'a.yaml:1:9: yaml: Unresolved alias (the anchor must be set before the alias): later — write the value out where it is used',
    ],
  },
  {
    name: 'a broken file hides no error in another, and makes none',
    yaml: [
      ['a.yaml', 'state: [\n'],
      ['b.yaml', counter(', when: agent.definedInA && event.tim == 1')],
    ],
    want: [
      'a.yaml:2:1: yaml: Flow sequence in block collection must be sufficiently indented and end with a ] — correct the YAML; an expression may need quotes',
      'b.yaml:2:115: unknown-name: "tim" is not a field of event — did you mean "time"?',
    ],
  },

  // Shapes.
  {
    name: 'a list for a file',
    yaml: '- a\n',
    want: [
      'a.yaml:1:1: wrong-shape: the file is a list — it must be a map with state, events, forget, metrics, tables and calendars',
    ],
  },
  {
    name: 'unknown keys at every depth',
    yaml: `stat: {}
state:
  agents: {}
  agent:
    seen: { type: time, set: [{ on: AgentSnapshotEvent, too: 1, to: event.time }], defualt: 1 }
events: { agent: { A: { om: AgentSnapshotEvent } } }
metrics: [{ name: a, hlep: H., type: gauge, over: agent, colour: red }]
`,
    want: [
      'a.yaml:1:1: unknown-key: "stat" is not a key of a catalog file — did you mean "state"?',
      'a.yaml:3:3: unknown-key: "agents" is not a key of "state" — did you mean "agent"?',
      'a.yaml:5:57: unknown-key: "too" is not a key of a set rule — did you mean "to"?',
      'a.yaml:5:84: unknown-key: "defualt" is not a key of the field "seen" — did you mean "default"?',
      'a.yaml:6:25: unknown-key: "om" is not a key of the own event "A" — did you mean "on"?',
      'a.yaml:7:22: unknown-key: "hlep" is not a key of a metric — did you mean "help"?',
      'a.yaml:7:58: unknown-key: "colour" is not a key of a metric — its keys are name, help, source, type, for, on, zero_on, over, when, value, aggregate, labels, buckets, formula, by, windows, limit',
    ],
  },
  {
    name: 'wrong kinds of values',
    yaml: `state:
  agent:
    a: { type: tim }
    b: { type: bool, set: { on: x } }
    c: 5
events: { agent: { A: { on: [], at: { x: 1 } } } }
metrics: [{ name: 7, help: '', type: gauge, over: agnt, buckets: [a] }]
`,
    want: [
      'a.yaml:3:16: wrong-shape: "type" is "tim" — did you mean "time"?',
      'a.yaml:4:27: wrong-shape: "set" is a map — it must be a list of rules',
      'a.yaml:5:8: wrong-shape: "c" is 5 — it must be a map that defines a field',
      'a.yaml:6:29: wrong-shape: "on" is an empty list — it must be the name of an event or a list of names',
      'a.yaml:6:37: wrong-shape: "at" is a map — it must be an expression',
      'a.yaml:7:19: wrong-shape: "name" is 7 — it must be a text',
      'a.yaml:7:28: wrong-shape: "help" is "" — it must be a text',
      'a.yaml:7:51: wrong-shape: "over" is "agnt" — did you mean "agent"?',
      'a.yaml:7:67: wrong-shape: an element of "buckets" is "a" — it must be a number',
    ],
  },
  {
    name: 'what is missing',
    yaml: `state: { agent: { a: {}, b: { type: bool, set: [{ on: AgentSnapshotEvent }, { to: true }] } } }
events: { agent: { A: {}, B: { when: true } } }
metrics:
  - { type: gauge, over: agent }
  - { name: x_total, help: X., type: counter, on: AgentSnapshotEvent }
  - { name: y, help: Y., type: gauge }
  - { name: z, help: Z., type: histogram, for: agent, on: AgentSnapshotEvent }
`,
    want: [
      'a.yaml:1:19: missing-key: the field "a" has no "type" — add type: time, number, string or bool; or since:',
      'a.yaml:1:77: missing-key: a set rule has no "on" — add on: it must be the name of an event or a list of names',
      'a.yaml:2:20: missing-key: the own event "A" has neither "on" nor "at" — add on: for what it happens with, or at: for a time',
      'a.yaml:2:27: missing-key: the own event "B" has neither "on" nor "at" — add on: for what it happens with, or at: for a time',
      'a.yaml:4:5: missing-key: a metric has no "help" — add help: it must be a text',
      'a.yaml:4:5: missing-key: a metric has no "name" — add name: it must be a text',
      'a.yaml:5:13: missing-key: the metric "x_total" has no "for" — add for: conversation or agent, the entity that its expressions read',
      'a.yaml:6:13: missing-key: the metric "y" measures nothing — add on: for events, over: for state, or formula: for other metrics',
      'a.yaml:7:13: missing-key: the histogram "z" has no "buckets" — add buckets: upper bounds, as in [5, 15, 60]',
      'a.yaml:7:13: missing-key: the histogram "z" has no "value" — add value: what is observed',
    ],
  },
  {
    name: 'set rules without a value, with two, and adding to a text',
    yaml: `state:
  agent:
    a: { type: string, set: [{ on: AgentSnapshotEvent }, { on: AgentSnapshotEvent, to: null, add: 1 }, { on: AgentSnapshotEvent, add: 1 }] }
`,
    want: [
      'a.yaml:3:30: missing-key: a set rule of "a" has neither "to" nor "add" — add to: with the new value; null is a value',
      'a.yaml:3:94: conflicting-keys: a set rule of "a" has both "to" and "add" — leave out one of them',
      'a.yaml:3:130: wrong-type: "a" is no number: nothing can be added to it — use to: with the new value',
    ],
  },
  {
    name: 'keys that exclude each other',
    yaml: `state: { agent: { a: { since: true, type: time, set: [] } } }
events: { agent: { A: { on: AgentSnapshotEvent, at: null, when: true } } }
metrics:
  - { name: a, help: A., type: gauge, over: agent, on: AgentSnapshotEvent }
  - { name: b, help: B., type: gauge, over: agent, buckets: [1], zero_on: AgentSnapshotEvent }
  - { name: c_total, help: C., type: counter, for: agent, on: AgentSnapshotEvent, buckets: [1], aggregate: sum }
  - { name: d, help: D., type: gauge, for: agent, on: AgentSnapshotEvent }
`,
    want: [
      'a.yaml:1:37: conflicting-keys: the field "a" has "since", which makes it a time, and "type" — leave out type, or since',
      'a.yaml:1:49: conflicting-keys: the field "a" has "since", which makes it a time, and "set" — leave out set, or since',
      'a.yaml:2:25: conflicting-keys: the own event "A" happens at a time, and has "on" — define two own events',
      'a.yaml:2:59: conflicting-keys: the own event "A" happens at a time, and has "when" — put the condition into at: condition ? time : null',
      'a.yaml:4:39: conflicting-keys: the metric "a" has both "on" and "over" — make two metrics, or leave one out',
      'a.yaml:5:52: conflicting-keys: "buckets" does not go with "over" in the metric "b" — leave it out; beside over: there can be name, help, source, type, when, value, aggregate, labels, limit',
      'a.yaml:5:66: conflicting-keys: "zero_on" does not go with "over" in the metric "b" — leave it out; beside over: there can be name, help, source, type, when, value, aggregate, labels, limit',
      'a.yaml:6:83: conflicting-keys: only a histogram has "buckets", and "c_total" is a counter — leave it out, or use type: histogram',
      'a.yaml:6:97: conflicting-keys: "aggregate" does not go with "on" in the metric "c_total" — leave it out; beside on: there can be name, help, source, type, for, zero_on, when, value, labels, buckets, limit',
      'a.yaml:7:32: conflicting-keys: a metric with "on" cannot be a gauge — its type can be counter or histogram',
    ],
  },

  {
    name: 'expressions left empty',
    yaml: `state:
  agent:
    a:
      type: time
      set:
        - on: AgentSnapshotEvent
          when:
          to:
`,
    want: [
      'a.yaml:7:16: syntax: the expression is empty — write null for no value',
      'a.yaml:8:14: syntax: the expression is empty — write null for no value',
    ],
  },
];
function diagnosticsOf(yaml: Case['yaml']): readonly string[] {
  const files = typeof yaml === 'string' ? ([['a.yaml', yaml]] as const) : yaml;
  const compiled = compileCatalog(files.map(([file, text]) => ({ file, text })));
  return compiled.ok ? [] : compiled.diagnostics.map(formatDiagnostic);
}

describe('compileCatalog reports', () => {
  it.each(CASES)('$name', ({ yaml, want }) => {
    expect(diagnosticsOf(yaml)).toEqual(want);
  });
});
