import { describe, expect, it } from '@jest/globals';
import type { Catalog, EntityPlan, Reaction, Scope, Value } from './index.js';
import { compileCatalog, formatDiagnostic } from './index.js';
import { EMPTY_SCOPE } from './expression/term.js';

const PACK = `
state:
  conversation:
    open: { type: bool, default: false, set: [{ on: ConversationRequestEvent, to: true }, { on: ConversationEndEvent, to: false }] }
    waitingSince:
      type: time
      set:
        - { on: MessageConsumerEvent, to: "coalesce(conversation.waitingSince, event.time)" }
        - { on: [Answered, ConversationEndEvent], to: null }
    transfers:
      type: number
      default: 1
      set:
        - { on: ConversationRequestEvent, to: 0 }
        - { on: Transferred, add: 1 }
    assignedAgentId: { type: string, set: [{ on: ParticipantAgentAddEvent, when: event.isAssigned, to: event.agentId }] }
    respondBy: { type: time, set: [{ on: TTRStatusEvent, to: event.effectiveTtr }, { on: Breached, to: null }] }
    idleSince: { since: conversation.quietSince == null }
    quietSince: { since: "!conversation.open" }
forget:
  conversation: "conversation.open ? null : conversation.lastEventAt + 4 * day"
events:
  conversation:
    FirstTransfer: { on: Transferred, when: conversation.transfers == 0 }
    Answered: { on: MessageAgentEvent, when: event.isAssigned != false && conversation.waitingSince != null }
    Transferred: { on: ParticipantAgentAddEvent, when: conversation.assignedAgentId != event.agentId }
    Breached: { at: conversation.respondBy }
    BreachSeen: { on: Breached }
metrics:
  - name: consumer_wait_seconds
    help: From the first unanswered consumer message to the agent's answer.
    source: LivePerson avgWaitTime
    type: histogram
    for: conversation
    on: Answered
    zero_on: ParticipantAgentAddEvent
    value: event.time - conversation.waitingSince
    labels: { agent_id: event.agentId }
    buckets: [0.5, 15, 30]
  - name: breaches_total
    help: Deadlines that passed.
    type: counter
    for: conversation
    on: BreachSeen
    labels: { agent_id: conversation.assignedAgentId, hour: "hour_of(event.time, 'UTC')" }
  - name: due_soon
    help: Deadlines within five minutes.
    type: gauge
    over: conversation
    when: conversation.open && age(conversation.respondBy) >= -5 * minute && age(conversation.respondBy) <= 0
    labels: { agent_id: conversation.assignedAgentId }
  - { name: longest_wait_seconds, help: L., type: gauge, over: conversation, when: conversation.open, value: age(conversation.waitingSince), aggregate: max }
  - { name: _transfers, help: T., type: gauge, over: conversation, value: conversation.transfers }
  - { name: mean_wait_seconds, help: M., type: gauge, formula: sum(consumer_wait_seconds) / count(consumer_wait_seconds) }
`;

function compile(...texts: readonly string[]): Catalog {
  const compiled = compileCatalog(texts.map((text, index) => ({ file: `${index}.yaml`, text })));
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
  return compiled.catalog;
}

const catalog = compile(PACK);
const plan = catalog.entities.conversation;

/** A scope in which the named fields and the event's have these values, at 100 s. */
function scope(fields: Readonly<Record<string, Value>>, event: Partial<Scope['event']> = {}): Scope {
  const state = plan.fields.map(({ name, initial }) => fields[name] ?? initial);
  return { state, event: { ...EMPTY_SCOPE.event, time: 100_000, ...event }, now: 100_000 };
}

function reaction(to: string, of: EntityPlan = plan): Reaction {
  const found = of.reactions.get(to);
  if (found === undefined) throw new Error(`${to} sets off nothing`);
  return found;
}

function names(indexes: readonly number[]): readonly (string | undefined)[] {
  return indexes.map((index) => plan.names[index]);
}

function metric(name: string, of: Catalog = catalog): Catalog['metrics'][number] {
  const found = of.metrics.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no metric ${name}`);
  return found;
}

describe('a compiled catalog', () => {
  it('gives every field its position, type and initial value', () => {
    expect(plan.fields).toEqual([
      { name: 'id', type: 'string', initial: null },
      { name: 'accountId', type: 'string', initial: null },
      { name: 'lastEventAt', type: 'time', initial: null },
      { name: 'open', type: 'bool', initial: false },
      { name: 'waitingSince', type: 'time', initial: null },
      { name: 'transfers', type: 'number', initial: 1 },
      { name: 'assignedAgentId', type: 'string', initial: null },
      { name: 'respondBy', type: 'time', initial: null },
      { name: 'idleSince', type: 'time', initial: null },
      { name: 'quietSince', type: 'time', initial: null },
    ]);
  });

  it('names the ten incoming events, then its own', () => {
    expect(plan.names).toHaveLength(15);
    expect(plan.names.slice(10)).toEqual(['FirstTransfer', 'Answered', 'Transferred', 'Breached', 'BreachSeen']);
  });

  it('decides own events after those on which they build, whatever the order in which they are written', () => {
    const own = reaction('ParticipantAgentAddEvent').ownEvents;
    expect(names(own.map((each) => each.name))).toEqual(['Transferred', 'FirstTransfer']);
    expect(own.map((each) => each.rule)).toEqual(['conversation.Transferred', 'conversation.FirstTransfer']);
    expect(own[0]?.when?.(scope({ assignedAgentId: 'a1' }, { agentId: 'a1' }))).toBe(false);
    expect(own[0]?.when?.(scope({}, { agentId: 'a1' }))).toBe(true);
  });

  it('knows what each event and each timer can set off, and nothing else', () => {
    expect([...plan.reactions.keys()]).toEqual([
      'ConversationRequestEvent',
      'ParticipantAgentAddEvent',
      'MessageConsumerEvent',
      'MessageAgentEvent',
      'TTRStatusEvent',
      'ConversationEndEvent',
      'Breached',
    ]);
    const timer = reaction('Breached');
    expect(names(timer.ownEvents.map((each) => each.name))).toEqual(['BreachSeen']);
    expect(timer.observes.map((each) => each.metric.name)).toEqual(['breaches_total']);
    expect(timer.sets.map((each) => plan.fields[each.field]?.name)).toEqual(['respondBy']);
    expect([...catalog.entities.agent.reactions.keys()]).toEqual([]);
  });

  it('sets fields by the rules that an event can reach, in written order', () => {
    const [field] = reaction('MessageConsumerEvent').sets;
    expect(field?.rules).toHaveLength(1);
    expect(field?.rules[0]?.action.value(scope({}))).toBe(100_000);
    expect(field?.rules[0]?.action.value(scope({ waitingSince: 7000 }))).toBe(7000);
    const kinds = reaction('ParticipantAgentAddEvent').sets.map(({ rules }) => rules.map((rule) => rule.action.kind));
    expect(kinds).toEqual([['add'], ['to']]);
  });

  it('observes in seconds, with the labels in written order', () => {
    const [observe] = reaction('MessageAgentEvent').observes;
    expect(observe?.value?.(scope({ waitingSince: 99_655 }))).toBe(0.345);
    expect(observe?.labels.map((label) => label(scope({}, { agentId: 'a1' })))).toEqual(['a1']);
    const [breach] = reaction('Breached').observes;
    expect(breach?.value).toBeNull();
    expect(breach?.labels.map((label) => label(scope({ assignedAgentId: 'a2' })))).toEqual(['a2', 0]);
    expect(reaction('ParticipantAgentAddEvent').zeros.map((zero) => zero.metric.name)).toEqual([
      'consumer_wait_seconds',
    ]);
  });

  it('orders since fields by what they read', () => {
    expect(plan.sinces.map((since) => plan.fields[since.field]?.name)).toEqual(['quietSince', 'idleSince']);
    expect(plan.sinces.map((since) => since.condition(scope({ quietSince: 1 })))).toEqual([true, false]);
  });

  it('has its timers in the order in which they fire: own by name, flips, forget', () => {
    expect(plan.timers.map(({ kind, id, name }) => [kind, id, name])).toEqual([
      ['own', 'Breached', 13],
      ['flip', '~flip:due_soon', null],
      ['forget', '~forget', null],
    ]);
    const [own, , forget] = plan.timers;
    expect(own?.at(scope({ respondBy: 5000 }))).toBe(5000);
    expect(forget?.at(scope({ open: true, lastEventAt: 0 }))).toBeNull();
    expect(forget?.at(scope({ open: false, lastEventAt: 1 }))).toBe(345_600_001);
  });

  it('forgets after 100 days what no rule forgets', () => {
    const { agent } = catalog.entities;
    expect(agent.timers.map((timer) => timer.id)).toEqual(['~forget']);
    const state = ['a1', 'acc', 5];
    expect(agent.timers[0]?.at({ ...EMPTY_SCOPE, state })).toBe(8_640_000_005);
    expect(agent.timers[0]?.at(EMPTY_SCOPE)).toBeNull();
  });

  it.each<[name: string, respondBy: number | null, now: number, next: number | null, holds: boolean]>([
    ['long before', 1_000_000, 0, 700_000, false],
    ['just before the window', 1_000_000, 699_999, 700_000, false],
    ['when the window begins', 1_000_000, 700_000, 1_000_001, true],
    ['at the deadline', 1_000_000, 1_000_000, 1_000_001, true],
    ['a millisecond later', 1_000_000, 1_000_001, null, false],
    ['without a deadline', null, 0, null, false],
  ])('re-evaluates an age exactly when it passes a bound: %s', (...[, respondBy, now, next, holds]) => {
    const at = { ...scope({ open: true, respondBy }), now };
    expect(plan.timers[1]?.at(at)).toBe(next);
    expect(plan.overs[0]?.when?.(at)).toBe(holds);
  });

  it('keeps of each gauge what it aggregates', () => {
    const [dueSoon, longest, transfers] = plan.overs;
    expect(dueSoon?.value.kind === 'number' && dueSoon.value.evaluate(scope({}))).toBe(1);
    expect(longest?.value.kind === 'age' && longest.value.since(scope({ waitingSince: 5 }))).toBe(5);
    expect(transfers?.value.kind === 'number' && transfers.value.evaluate(scope({ transfers: 3 }))).toBe(3);
  });

  it('describes its metrics, sorted by name', () => {
    expect(catalog.metrics.map(({ name, exported, labelNames }) => [name, exported, labelNames])).toEqual([
      ['_transfers', false, []],
      ['breaches_total', true, ['agent_id', 'hour']],
      ['consumer_wait_seconds', true, ['agent_id']],
      ['due_soon', true, ['agent_id']],
      ['longest_wait_seconds', true, []],
      ['mean_wait_seconds', true, []],
    ]);
    expect(metric('consumer_wait_seconds')).toMatchObject({
      help: "From the first unanswered consumer message to the agent's answer.",
      source: 'LivePerson avgWaitTime',
      type: 'histogram',
      kept: { kind: 'histogram', buckets: [0.5, 15, 30], bucketsMicro: [500_000, 15_000_000, 30_000_000] },
    });
    expect(metric('longest_wait_seconds').kept).toEqual({ kind: 'age', aggregate: 'max' });
    expect(metric('due_soon').kept).toEqual({ kind: 'gauge', aggregate: 'sum' });
    expect(metric('breaches_total')).toMatchObject({ source: null, kept: { kind: 'counter' } });
  });
});

describe('identity', () => {
  it('does not depend on the order of files, comments or spaces', () => {
    const other = '# nothing\nstate: { agent: { a: { since: agent.id != null } } }\n';
    const forwards = compileCatalog([
      { file: 'a', text: PACK },
      { file: 'b', text: other },
    ]);
    const backwards = compileCatalog([
      { file: 'b', text: other.replace('nothing', 'still') },
      { file: 'a', text: PACK },
    ]);
    expect(forwards.ok && forwards.catalog.fingerprint).toBe(backwards.ok && backwards.catalog.fingerprint);
    const spaced = compile(
      PACK.replace('event.time - conversation.waitingSince', '( event.time  -  (conversation.waitingSince))'),
    );
    expect(metric('consumer_wait_seconds', spaced).seriesKey).toBe(metric('consumer_wait_seconds').seriesKey);
  });

  it.each<[name: string, from: string, to: string, changed: readonly string[], layout: boolean]>([
    ['a help text', 'From the first', 'Since the first', [], false],
    ["a metric's value", 'value: event.time -', 'value: 1 + event.time -', ['consumer_wait_seconds'], false],
    ["a histogram's buckets", '[0.5, 15, 30]', '[0.5, 15]', ['consumer_wait_seconds'], false],
    [
      'an own event that it counts',
      'event.isAssigned != false',
      'event.isAssigned',
      ['consumer_wait_seconds', 'longest_wait_seconds'],
      true,
    ],
    ['a field that an own event reads', 'default: 1', 'default: 2', ['_transfers'], true],
    [
      'a field that a label reads',
      'when: event.isAssigned, to: event.agentId',
      'to: event.agentId',
      ['_transfers', 'breaches_total', 'due_soon'],
      true,
    ],
    [
      'a timer behind an own event',
      'at: conversation.respondBy',
      'at: conversation.respondBy + 1',
      ['breaches_total', 'due_soon'],
      true,
    ],
    ['a name of a field', 'idleSince:', 'idle:', [], true],
    ['when to forget', '4 * day', '5 * day', [], true],
  ])('%s changes what it should', (...[, from, to, changed, layout]) => {
    const other = compile(PACK.replace(from, to));
    const changes = catalog.metrics.filter((each) => metric(each.name, other).seriesKey !== each.seriesKey);
    expect(changes.map((each) => each.name)).toEqual(changed);
    expect(other.entities.conversation.layoutId !== plan.layoutId).toBe(layout);
    expect(other.fingerprint).not.toBe(catalog.fingerprint);
  });

  it('looks as it should', () => {
    expect(metric('breaches_total').seriesKey).toMatch(/^breaches_total@[0-9a-f]{12}$/);
    expect(plan.layoutId).toMatch(/^[0-9a-f]{8}$/);
    expect(catalog.fingerprint).toMatch(/^[0-9a-f]{32}$/);
  });
});

it('lets an own event of one file build on one of a later file', () => {
  const early = 'events: { agent: { Early: { on: Late } } }\n';
  const late = `events: { agent: { Late: { on: AgentSnapshotEvent } } }
metrics: [{ name: early_total, help: E., type: counter, for: agent, on: Early }]
`;
  const { agent } = compile(early, late).entities;
  const own = reaction('AgentSnapshotEvent', agent).ownEvents;
  expect(own.map((each) => agent.names[each.name])).toEqual(['Late', 'Early']);
});

it('compiles nothing to an empty catalog', () => {
  expect(compile().metrics).toEqual([]);
});
