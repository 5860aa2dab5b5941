import { describe, expect, it } from '@jest/globals';
import { compileCatalog, formatDiagnostic } from '../index.js';

const STATE = `
events:
  conversation:
    Asked: { on: MessageConsumerEvent, when: event.viewName != 'bot' }
state:
  conversation:
    open: { type: bool, set: [{ on: ConversationRequestEvent, to: true }, { on: ConversationEndEvent, to: false }] }
    asked: { type: number, set: [{ on: ConversationRequestEvent, to: 0 }, { on: Asked, add: 1 }] }
    view: { type: string, set: [{ on: AppActionEvent, when: event.viewName != null, to: event.viewName }] }
    waitingSince: { type: time, set: [{ on: Asked, to: event.time }, { on: MessageAgentEvent, to: null }] }
  agent:
    name: { type: string, set: [{ on: AgentSnapshotEvent, to: event.agentName }] }
    reason: { type: string, set: [{ on: AgentStateChangedEvent, to: event.reason }] }
    readySince: { since: agent.reason == null }
metrics:
  - { name: _all, help: h, type: gauge, over: conversation, when: conversation.view != null, value: conversation.asked }
  - { name: _ready, help: h, type: gauge, over: agent, when: agent.readySince != null }
`;

/** What is warned of when one more metric stands below this state. */
function warningsOf(metric: string): readonly string[] {
  const compiled = compileCatalog([{ file: 'a.yaml', text: `${STATE}  - { name: x_total, help: h, ${metric} }\n` }]);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
  return compiled.warnings.map(({ code, message }) => `${code}: ${message}`);
}

const ON = 'type: counter, for: conversation, on:';

describe('a metric that reads what its event sets', () => {
  it.each([
    ['adds to', `${ON} Asked, value: conversation.asked`, 'conversation.asked'],
    [
      'sets under the same condition',
      `${ON} AppActionEvent, when: event.viewName!=null, labels: { v: conversation.view }`,
      'conversation.view',
    ],
  ])('is warned of what the event %s', (_, metric, member) => {
    expect(warningsOf(metric)).toEqual([
      `stale-read: the event that is measured also sets ${member}: this reads the value before it`,
    ]);
  });

  it.each([
    ['it measures from the value before', `${ON} Asked, value: event.time - conversation.waitingSince`],
    ['the event clears the field', `${ON} MessageAgentEvent, value: double(string(conversation.waitingSince))`],
    ['the event sets a constant', `${ON} ConversationRequestEvent, value: conversation.asked`],
    ['the field is set under another condition', `${ON} AppActionEvent, labels: { v: conversation.view }`],
    ['only some of its events set the field', `${ON} [Asked, MessageAgentEvent], value: conversation.asked`],
    [
      'it falls back on the event',
      `${ON} AppActionEvent, when: event.viewName != null, labels: { v: "coalesce(conversation.view, event.viewName)" }`,
    ],
  ])('is left alone where %s', (_, metric) => {
    expect(warningsOf(metric)).toEqual([]);
  });
});

describe('labels of very many values', () => {
  it.each([
    ['a conversation', `${ON} Asked, labels: { c: event.conversationId }`, ['c']],
    ['an event', `${ON} Asked, labels: { u: "event.uid + '!'" }`, ['u']],
    ['a time in a field', `type: counter, over: conversation, labels: { s: conversation.waitingSince }`, ['s']],
    ['a duration', `${ON} Asked, labels: { s: event.time - conversation.waitingSince }`, ['s']],
    ['a choice', `${ON} Asked, labels: { c: "conversation.open ? conversation.id : 'none'" }`, ['c']],
  ])('are warned of: %s', (_, metric, labels) => {
    expect(warningsOf(metric).map((text) => /^many-label-sets: the label "(\w+)" /.exec(text)?.[1])).toEqual(labels);
  });

  it('are warned of when agents multiply with texts', () => {
    const labels = '{ agent_id: agent.id, reason: agent.reason }';
    expect(warningsOf(`type: counter, over: agent, labels: ${labels}`)).toEqual([
      'many-label-sets: the labels "agent_id" and "reason" multiply: every agent with every text',
    ]);
  });

  it.each([
    ['a limit was chosen', `${ON} Asked, limit: 200000, labels: { c: event.conversationId }`],
    ['an agent has one name', 'type: counter, over: agent, labels: { agent_id: agent.id, agent_name: agent.name }'],
    ['texts stand alone', 'type: counter, over: agent, labels: { reason: agent.reason }'],
    [
      'few values are made of many',
      `${ON} Asked, labels: { hour: "hour_of(event.time, 'UTC')", c: event.conversationId == null }`,
    ],
  ])('are left alone where %s', (_, metric) => {
    expect(warningsOf(metric)).toEqual([]);
  });
});
