import { describe, expect, it } from '@jest/globals';
import { compileCatalog, formatDiagnostic } from './index.js';

interface Case {
  readonly name: string;
  /** One file, or several as `[name, text]`. */
  readonly yaml: string | readonly (readonly [file: string, text: string])[];
  readonly want: readonly string[];
}

/** An otherwise good gauge over agents with a few fields. */
function gauge(more: string): string {
  return `state:
  agent:
    seenAt: { type: time, set: [{ on: AgentSnapshotEvent, to: event.time }] }
    weight: { type: number, set: [{ on: AgentSnapshotEvent, to: event.assignedWeight }] }
metrics:
  - { name: x, help: X., type: gauge, over: agent${more} }
`;
}

const HISTOGRAM = `metrics:
  - name: wait_seconds
    help: W.
    type: histogram
    for: conversation
    on: MessageAgentEvent
    value: 1
    labels: { agent_id: event.agentId, state: event.state }
    buckets: [1, 5]
  - { name: messages_total, help: M., type: counter, for: conversation, on: MessageAgentEvent, labels: { agent_id: event.agentId } }
`;

function formula(more: string): string {
  return `${HISTOGRAM}  - { name: f, help: F., type: gauge, ${more} }\n`;
}

const CASES: readonly Case[] = [
  // Circles.
  {
    name: 'own events in a circle',
    yaml: 'events: { agent: { A: { on: B }, B: { on: [C, A] }, C: { on: AppActionEvent }, D: { on: D } } }\n',
    want: [
      'a.yaml:1:29: cycle: own events build on each other in a circle: A → B → A — build one of them on an incoming event',
      'a.yaml:1:89: cycle: own events build on each other in a circle: D → D — build one of them on an incoming event',
    ],
  },
  {
    name: 'since fields in a circle',
    yaml: 'state: { agent: { a: { since: agent.b == null }, b: { since: agent.a != null } } }\n',
    want: [
      'a.yaml:1:31: cycle: since: conditions read each other in a circle: agent.a → agent.b → agent.a — let one of them read a field that is set by an event',
    ],
  },
  {
    name: 'formulas in a circle',
    yaml: `metrics:
  - { name: a, help: A., type: gauge, formula: value(b) + 1 }
  - { name: b, help: B., type: gauge, formula: value(a) }
`,
    want: [
      'a.yaml:2:48: cycle: formulas read each other in a circle: a → b → a — let one of them read metrics that are no formulas',
    ],
  },

  // Types and places.
  {
    name: 'defaults of the wrong type',
    yaml: 'state: { agent: { a: { type: number, default: x, set: [] }, b: { type: time, default: true, set: [] } } }\n',
    want: [
      'a.yaml:1:47: wrong-type: the default "x" is not a number — give a number, or leave it out: the field is then null',
      'a.yaml:1:87: wrong-type: the default true is not a time — give a time, or leave it out: the field is then null',
    ],
  },
  {
    name: 'values that do not fit their field',
    yaml: `state:
  agent:
    name: { type: string, set: [{ on: AgentSnapshotEvent, to: event.time }] }
    here: { type: bool, set: [{ on: AgentSnapshotEvent, when: event.maxSlots, to: "'yes'" }] }
`,
    want: [
      'a.yaml:3:63: wrong-type: a text is wanted, and event.time is a time — turn it into text with string(…)',
      'a.yaml:4:63: wrong-type: a condition is wanted, and event.maxSlots is a number — compare it, as in event.maxSlots != null',
      `a.yaml:4:84: wrong-type: a truth value is wanted, and 'yes' is a text — compare it, as in x == y`,
    ],
  },
  {
    name: 'an event where none is',
    yaml: `state: { agent: { a: { since: event.isAssigned } } }
events: { agent: { A: { at: event.time } } }
forget: { agent: event.time }
metrics: [{ name: x, help: X., type: gauge, over: agent, value: event.maxSlots }]
`,
    want: [
      'a.yaml:1:31: not-readable-here: event.* cannot be read here: it is evaluated whenever the state changes, not only with an event — keep what you need in a field of agent and read that',
      'a.yaml:2:29: not-readable-here: event.* cannot be read here: it is evaluated whenever the state changes, not only with an event — keep what you need in a field of agent and read that',
      'a.yaml:3:18: not-readable-here: event.* cannot be read here: it is evaluated whenever the state changes, not only with an event — keep what you need in a field of agent and read that',
      'a.yaml:4:65: not-readable-here: event.* cannot be read here: it is evaluated whenever the state changes, not only with an event — keep what you need in a field of agent and read that',
    ],
  },
  {
    name: 'ages where they cannot be',
    yaml: gauge(', when: age(agent.seenAt) == 5, value: 1 + age(agent.seenAt), labels: { a: age(agent.seenAt) }'),
    want: [
      'a.yaml:6:58: age-misplaced: age() can only be the whole value of an over: metric, or be compared with a constant in its when — write value: age(…), or in when: age(…) >= 5 * minute; elsewhere subtract times',
      'a.yaml:6:93: age-misplaced: age() can only be the whole value of an over: metric, or be compared with a constant in its when — write value: age(…), or in when: age(…) >= 5 * minute; elsewhere subtract times',
      'a.yaml:6:125: age-misplaced: age() can only be the whole value of an over: metric, or be compared with a constant in its when — write value: age(…), or in when: age(…) >= 5 * minute; elsewhere subtract times',
    ],
  },
  {
    name: 'buckets',
    yaml: HISTOGRAM.replace('[1, 5]', '[1, 1, .inf, 2]'),
    want: ['a.yaml:9:21: wrong-shape: an element of "buckets" is Infinity — it must be a number'],
  },
  {
    name: 'buckets that do not ascend, or are out of range',
    yaml: HISTOGRAM.replace('[1, 5]', '[1, 1, 1.0000001, 1e13]'),
    want: [
      'a.yaml:9:18: bad-buckets: the bound 1 is not above the one before it — write the bounds in ascending order',
      'a.yaml:9:21: bad-buckets: the bound 1.0000001 is not above the one before it — write the bounds in ascending order',
      'a.yaml:9:32: bad-buckets: the bound 10000000000000 is out of range — bounds are finite; +Inf is added by itself',
    ],
  },
  {
    name: 'aggregates',
    yaml: `metrics:
  - { name: a, help: A., type: gauge, over: agent, aggregate: smu }
  - { name: b, help: B., type: gauge, over: agent, aggregate: max }
  - { name: c, help: C., type: gauge, over: agent, aggregate: quantile(1.5) }
  - { name: d, help: D., type: gauge, over: agent, value: age(agent.lastEventAt), aggregate: max }
  - { name: e, help: E., type: gauge, over: agent, value: age(agent.lastEventAt), aggregate: stddev }
  - { name: f, help: F., type: gauge, over: agent, aggregate: quantile(0.25) }
`,
    want: [
      'a.yaml:2:63: wrong-shape: there is no aggregate "smu" — did you mean "sum"?',
      'a.yaml:4:63: wrong-shape: there is no aggregate "quantile(1.5)" — write quantile(q) with q from 0 to 1, as in quantile(0.9)',
      'a.yaml:6:94: conflicting-keys: an age is not aggregated by stddev — it can be sum, count, avg, min, max',
    ],
  },
  {
    name: 'windows',
    yaml: `metrics:
  - { name: a_total, help: A., type: counter, for: agent, on: AgentSnapshotEvent }
  - { name: b, help: B., type: gauge, over: agent }
  - { name: c, help: C., type: gauge, formula: rate(a_total) }
  - { name: d, help: D., type: gauge, formula: rate(b), windows: [5m] }
  - { name: e, help: E., type: gauge, formula: sum(a_total), windows: [90s, 25h, 1h] }
  - { name: f_total, help: F., type: counter, for: agent, on: AgentSnapshotEvent, windows: [1h] }
`,
    want: [
      'a.yaml:4:48: missing-key: rate() needs a window — add windows:, as in [5m, 1h]',
      'a.yaml:5:48: wrong-arguments: rate() reads a counter or a histogram — write rate(metric)',
      'a.yaml:6:72: wrong-shape: "90s" is no window — write whole minutes, hours or a day, at most 24h, as in [5m, 15m, 1h]',
      'a.yaml:6:77: wrong-shape: "25h" is no window — write whole minutes, hours or a day, at most 24h, as in [5m, 15m, 1h]',
      'a.yaml:7:83: conflicting-keys: "windows" does not go with "on" in the metric "f_total" — leave it out; beside on: there can be name, help, source, type, for, zero_on, when, value, labels, buckets, limit',
    ],
  },

  // Expressions: one of each kind; `expression.spec.ts` has them all.
  {
    name: 'broken expressions',
    yaml: `state:
  agent:
    a:
      type: string
      set:
        - { on: AgentSnapshotEvent, to: 1 + }
        - { on: AgentSnapshotEvent, to: ${'1+'.repeat(260)}1 }
        - { on: AgentSnapshotEvent, to: uper(event.agentName) }
        - { on: AgentSnapshotEvent, to: string() }
        - { on: AgentSnapshotEvent, when: "hour_of(event.time, 'Berlin') > 8", to: null }
        - { on: AgentSnapshotEvent, when: "event.agentName.matches('(?=a)')", to: null }
        - { on: AgentSnapshotEvent, when: event.agentName.matches(event.agentId), to: null }
`,
    want: [
      'a.yaml:6:44: syntax: unexpected token: EOF — the expression ends too early: complete it',
      'a.yaml:7:41: too-large: the expression is too large: exceeded maxAstNodes (500) — move parts of it into own events or fields',
      'a.yaml:8:41: unknown-function: there is no function uper() — the functions are coalesce, max, min, double, int, size, startsWith, endsWith, contains, matches, string, bool, hour_of, weekday_of, lookup, elapsed, after, has, age, all, exists, exists_one, filter, map',
      'a.yaml:9:41: wrong-arguments: string() is not called so — write string(x)',
      "a.yaml:10:64: unknown-zone: there is no time zone 'Berlin' — zones are named as in 'Europe/Berlin' or 'UTC'",
      "a.yaml:11:68: bad-pattern: the pattern '(?=a)' cannot be used: only ( ) and (?: ) groups can be used — use literals, [sets], ., |, ( ), * + ? {n,m}, ^ $ and \\b \\d \\w \\s",
      "a.yaml:12:67: not-constant: the pattern of matches() must be constant, and event.agentId is not — write it out: text.matches('^[a-z]+$')",
    ],
  },
  {
    name: 'positions within every kind of scalar',
    yaml: `forget:
  agent: |
    agent.lastEventAt +
      agent.x1
  conversation: >-
    conversation.lastEventAt
    + conversation.x2
state:
  agent:
    a: { since: "agent.id == \\"\\" || agent.x3" }
    b: { since: 'agent.id == ''a'' || agent.x4' }
    c:
      since: agent.id == 'a' ||
        agent.x5
`,
    want: [
      'a.yaml:4:13: unknown-name: "x1" is not a field of agent — its fields are id, accountId, lastEventAt, a, b, c',
      'a.yaml:7:20: unknown-name: "x2" is not a field of conversation — its fields are id, accountId, lastEventAt',
      'a.yaml:10:44: unknown-name: "x3" is not a field of agent — its fields are id, accountId, lastEventAt, a, b, c',
      'a.yaml:11:45: unknown-name: "x4" is not a field of agent — its fields are id, accountId, lastEventAt, a, b, c',
      'a.yaml:14:15: unknown-name: "x5" is not a field of agent — its fields are id, accountId, lastEventAt, a, b, c',
    ],
  },

  // Formulas.
  {
    name: 'a formula that reads nothing, or not as it should',
    yaml: `${HISTOGRAM}  - { name: a, help: A., type: gauge, formula: 1 + 1 }
  - { name: b, help: B., type: gauge, formula: wait_seconds }
  - { name: c, help: C., type: gauge, formula: sum(wait_second) }
  - { name: d, help: D., type: gauge, formula: sum(agent.id) }
  - { name: e, help: E., type: gauge, formula: value(wait_seconds) }
  - { name: f, help: F., type: gauge, formula: 'share(wait_seconds, 3)' }
  - { name: g, help: G., type: gauge, formula: 'quantile(90, wait_seconds)' }
  - { name: h, help: H., type: gauge, formula: 'quantile(0.9, messages_total)' }
  - { name: i, help: I., type: gauge, formula: sum() }
  - { name: j, help: J., type: gauge, formula: agent.id }
  - { name: k, help: K., type: gauge, formula: 'sum(wait_seconds, sate == "AWAY")' }
  - { name: l, help: L., type: gauge, formula: 'sum(wait_seconds, state)' }
`,
    want: [
      'a.yaml:11:48: wrong-shape: the formula reads no metric — read one, as in sum(consumer_wait_seconds)',
      'a.yaml:12:48: wrong-type: "wait_seconds" is a metric, not a number — write sum(wait_seconds), count(wait_seconds) or value(wait_seconds)',
      'a.yaml:13:52: unknown-name: there is no metric "wait_second" — did you mean "wait_seconds"?',
      'a.yaml:14:52: wrong-arguments: agent.id is not the name of a metric — name a metric, as in sum(consumer_wait_seconds)',
      'a.yaml:15:48: wrong-arguments: a histogram has no single value — write value(metric)',
      'a.yaml:16:49: wrong-arguments: 3 is no bucket bound: they are 1, 5 — write share(histogram, bound)',
      'a.yaml:17:49: wrong-arguments: a quantile is from 0 to 1 — write quantile(0.9, histogram)',
      'a.yaml:18:49: wrong-arguments: quantile() reads a histogram — write quantile(0.9, histogram)',
      'a.yaml:19:48: wrong-arguments: sum() is not used so — write sum(metric); a condition on labels can follow',
      'a.yaml:20:48: not-readable-here: a formula reads metrics, not events or state — make a metric of it and read that; one whose name begins with _ is not exported',
      'a.yaml:21:67: unknown-label: the metric "wait_seconds" has no label "sate" — did you mean "state"?',
      'a.yaml:22:67: wrong-type: a truth value is wanted, and state is a text — compare it, as in state != null',
    ],
  },
  {
    name: 'labels that a metric of the formula lacks',
    yaml: formula('formula: sum(wait_seconds) / sum(messages_total), by: [agent_id, state, le]'),
    want: [
      'a.yaml:11:104: unknown-label: the metric "messages_total" has no label "state" — group by labels that every metric of the formula has',
      'a.yaml:11:111: reserved-name: the label "le" is reserved — use another name',
    ],
  },
];

const WARNINGS: readonly Case[] = [
  {
    name: 'a field that is never set',
    yaml: 'state: { agent: { a: { type: bool } } }\n',
    want: ['a.yaml:1:19: never-set: the field "a" is never set — add set: rules, or remove the field'],
  },
  {
    name: 'a duration for a time',
    yaml: 'events: { agent: { A: { at: agent.lastEventAt - agent.lastEventAt } } }\n',
    want: [
      'a.yaml:1:29: number-as-time: a time is wanted, and agent.lastEventAt - agent.lastEventAt is a number of seconds — if it is a duration, add it to a time',
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

describe('compileCatalog warns of', () => {
  it.each(WARNINGS)('$name', ({ yaml, want }) => {
    const compiled = compileCatalog([{ file: 'a.yaml', text: String(yaml) }]);
    expect(compiled.ok && compiled.warnings.map(formatDiagnostic)).toEqual(want);
  });
});
