import { describe, expect, it } from '@jest/globals';
import { compileCatalog, DIAGNOSTIC_CODES, formatDiagnostic } from './index.js';

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
    yaml: 'state:\n  agent:\n    a: { type: time }\n    a: { type: bool }\n',
    want: ['a.yaml:4:5: yaml: Map keys must be unique — correct the YAML; an expression may need quotes'],
  },
  {
    name: 'an unknown alias',
    yaml: 'forget: *later\n',
    want: [
      'a.yaml:1:1: yaml: Unresolved alias (the anchor must be set before the alias): later — write the value out where it is used',
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
    want: ['a.yaml:1:1: wrong-shape: the file is a list — it must be a map with state, events, forget and metrics'],
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
      'a.yaml:5:52: conflicting-keys: "buckets" does not go with "over" in the metric "b" — leave it out; beside over: there can be name, help, source, type, when, value, aggregate, labels',
      'a.yaml:5:66: conflicting-keys: "zero_on" does not go with "over" in the metric "b" — leave it out; beside over: there can be name, help, source, type, when, value, aggregate, labels',
      'a.yaml:6:83: conflicting-keys: only a histogram has "buckets", and "c_total" is a counter — leave it out, or use type: histogram',
      'a.yaml:6:97: conflicting-keys: "aggregate" does not go with "on" in the metric "c_total" — leave it out; beside on: there can be name, help, source, type, for, zero_on, when, value, labels, buckets',
      'a.yaml:7:32: conflicting-keys: a metric with "on" cannot be a gauge — its type can be counter or histogram',
    ],
  },

  // Names.
  {
    name: 'names that are not allowed',
    yaml: `state: { agent: { id: { type: string }, a-b: { type: string }, in: { type: string } } }
events: { agent: { agentSnapshotEvent: { at: null }, 'a b': { at: null } } }
metrics:
  - { name: a-b, help: A., type: gauge, over: agent }
  - { name: livemeter_x, help: A., type: gauge, over: agent }
  - { name: clicks, help: A., type: counter, for: agent, on: AppActionEvent }
  - { name: load_total, help: A., type: gauge, over: agent, labels: { le: '"1"', account_id: '"2"', a-b: '"3"', __x: '"4"' } }
`,
    want: [
      'a.yaml:1:19: reserved-name: "id" is built in: every agent has it — leave it out, or use another name',
      'a.yaml:1:41: invalid-name: "a-b" cannot be the name of a field — use letters, digits and _, and no reserved word',
      'a.yaml:1:64: invalid-name: "in" cannot be the name of a field — use letters, digits and _, and no reserved word',
      'a.yaml:2:20: reserved-name: "agentSnapshotEvent" is the name of an incoming event — use another name for your own event',
      `a.yaml:2:54: invalid-name: "a b" cannot be the name of an own event — use letters, digits and _, and no reserved word`,
      'a.yaml:4:13: invalid-name: "a-b" cannot be the name of a metric — use letters, digits and _, and begin with a letter',
      `a.yaml:5:13: reserved-name: "livemeter_x": names that begin with livemeter_ are the project's own — use another name`,
      'a.yaml:6:13: invalid-name: the counter "clicks" does not end in _total — call it clicks_total',
      'a.yaml:7:13: invalid-name: "load_total" is a gauge, and _total ends the name of a counter — call it load',
      'a.yaml:7:71: reserved-name: the label "le" is reserved — use another name',
      'a.yaml:7:82: reserved-name: the label "account_id" is reserved — leave it out: every metric has it',
      'a.yaml:7:101: invalid-name: "a-b" cannot be the name of a label — use letters, digits and _, and begin with a letter',
      'a.yaml:7:113: invalid-name: "__x" cannot be the name of a label — use letters, digits and _, and begin with a letter',
    ],
  },
  {
    name: 'duplicates across files name the other place',
    yaml: [
      [
        'b.yaml',
        `state: { agent: { a: { since: true } } }\nevents: { agent: { A: { at: null } } }\nforget: { agent: null }\n`,
      ],
      [
        'c.yaml',
        `state: { agent: { a: { since: true } } }\nevents: { agent: { A: { at: null } } }\nforget: { agent: null }\n`,
      ],
      ['a.yaml', counter('')],
      ['d.yaml', counter('')],
    ],
    want: [
      'c.yaml:1:19: duplicate: the agent field "a" is also defined at b.yaml:1:19 — define it in one place, or rename one',
      'c.yaml:2:20: duplicate: the agent event "A" is also defined at b.yaml:2:20 — define it in one place, or rename one',
      'c.yaml:3:11: duplicate: forget of "agent" is also defined at b.yaml:3:11 — define it in one place, or rename one',
      'd.yaml:2:13: duplicate: the metric "x_total" is also defined at a.yaml:2:13 — define it in one place, or rename one',
    ],
  },
  {
    name: 'one name for two exported series',
    yaml: `${HISTOGRAM}  - { name: wait_seconds_count, help: W., type: gauge, over: agent }
  - { name: messages, help: M., type: gauge, over: agent }
`,
    want: [
      'a.yaml:11:13: name-collision: "wait_seconds_count" is also what the histogram "wait_seconds" is exported as — rename one of them',
      'a.yaml:12:13: name-collision: "messages" is also what the counter "messages_total" is exported as — rename one of them',
    ],
  },
  {
    name: 'events that do not exist',
    yaml: `state: { agent: { a: { type: bool, set: [{ on: [AgentSnapshotEvnt, Ended], to: true }] } } }
events:
  agent: { A: { on: Nonsense } }
  conversation: { Ended: { on: ConversationEndEvent } }
metrics:
  - { name: x_total, help: X., type: counter, for: agent, on: Aa, zero_on: TTRStatus }
`,
    want: [
      'a.yaml:1:49: unknown-name: "AgentSnapshotEvnt" is neither an incoming event nor an own event of agent — did you mean "AgentSnapshotEvent"?',
      'a.yaml:1:68: unknown-name: "Ended" is an own event of conversation, and this rule is of agent — define the event for agent as well, or use it in a rule of conversation',
      'a.yaml:3:21: unknown-name: "Nonsense" is neither an incoming event nor an own event of agent — the incoming events are ConversationRequestEvent, ParticipantAgentAddEvent, AgentStateChangedEvent, AgentSnapshotEvent, MessageConsumerEvent, MessageAgentEvent, TTRStatusEvent, AppActionEvent, ParticipantAgentLeaveEvent, ConversationEndEvent',
      'a.yaml:6:63: unknown-name: "Aa" is neither an incoming event nor an own event of agent — did you mean "A"?',
      'a.yaml:6:76: unknown-name: "TTRStatus" is neither an incoming event nor an own event of agent — did you mean "TTRStatusEvent"?',
    ],
  },

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
  - { name: c, help: C., type: gauge, over: agent, aggregate: quantile(0.9) }
  - { name: d, help: D., type: gauge, over: agent, value: age(agent.lastEventAt), aggregate: max }
`,
    want: [
      'a.yaml:2:63: wrong-shape: there is no aggregate "smu" — did you mean "sum"?',
      'a.yaml:3:63: not-supported-yet: aggregate: max of a number is not supported yet — leave it out for now',
      'a.yaml:4:63: not-supported-yet: aggregate: quantile(0.9) is not supported yet — leave it out for now',
    ],
  },
  {
    name: 'what is not there yet',
    yaml: `tables: { agents: { file: agents.csv } }
calendars: {}
metrics:
  - { name: a_total, help: A., type: counter, over: agent }
  - { name: b, help: B., type: gauge, over: agent, limit: 5 }
  - { name: c, help: C., type: gauge, formula: rate(b), windows: [5m] }
`,
    want: [
      'a.yaml:1:1: not-supported-yet: "tables" is not supported yet — leave it out for now',
      'a.yaml:2:1: not-supported-yet: "calendars" is not supported yet — leave it out for now',
      'a.yaml:4:38: not-supported-yet: a counter over state is not supported yet — leave it out for now',
      'a.yaml:5:52: not-supported-yet: "limit" is not supported yet — leave it out for now',
      'a.yaml:6:48: not-supported-yet: the function rate() is not supported yet — leave it out for now',
      'a.yaml:6:57: not-supported-yet: "windows" is not supported yet — leave it out for now',
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
      'a.yaml:8:41: unknown-function: there is no function uper() — the functions are coalesce, max, min, double, int, size, startsWith, endsWith, contains, matches, string, bool, hour_of, weekday_of, has, age, all, exists, exists_one, filter, map',
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
      'a.yaml:21:67: unknown-name: "sate" is not a name that can stand here — did you mean "state"?',
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

it('shows every code of the list, and no other', () => {
  const shown = [...CASES, ...WARNINGS].flatMap(({ want }) => want.map((line) => line.split(': ')[1]));
  expect([...new Set(shown)].sort()).toEqual(Object.keys(DIAGNOSTIC_CODES).sort());
});
