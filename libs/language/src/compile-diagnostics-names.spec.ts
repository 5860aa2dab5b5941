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

const CASES: readonly Case[] = [
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
    name: 'no collision of what is not exported',
    yaml: `metrics:
  - { name: _met, help: M., type: gauge, over: agent }
  - { name: _met_total, help: M., type: counter, for: agent, on: AppActionEvent }
`,
    want: [],
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
  {
    name: 'limits of label sets, and what accrues in a formula',
    yaml: `
metrics:
  - { name: a, help: A., type: gauge, over: agent, limit: 0 }
  - { name: b, help: B., type: gauge, over: agent, limit: 5.5 }
  - { name: c_total, help: C., type: counter, over: agent, limit: 7 }
  - { name: d, help: D., type: gauge, formula: rate(c_total), windows: [5m] }
  - { name: e, help: E., type: gauge, formula: count(c_total), limit: 7 }
`,
    want: [
      'a.yaml:3:59: wrong-shape: "limit" is 0 — it must be a whole number from 1 to 1000000',
      'a.yaml:4:59: wrong-shape: "limit" is 5.5 — it must be a whole number from 1 to 1000000',
      'a.yaml:7:48: wrong-arguments: c_total accrues: it has no increments to count — write count(metric)',
      'a.yaml:7:64: conflicting-keys: "limit" does not go with "formula" in the metric "e" — leave it out; beside formula: there can be name, help, source, type, by, windows',
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
