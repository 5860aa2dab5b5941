import { describe, expect, it } from '@jest/globals';
import { catalogOf, type EventStep } from '../../../test/support/story.js';
import { Switching } from '../../../test/support/switching.js';

const message = (at: number, fields: Partial<EventStep> = {}): EventStep => ({
  at,
  type: 'MessageConsumerEvent',
  conversation: 'c1',
  ...fields,
});
const snapshots = (at: number, agents: number): EventStep[] =>
  Array.from({ length: agents }, (_, index) => ({
    at,
    type: 'AgentSnapshotEvent',
    agent: `a${index}`,
    assignedWeight: 2,
  }));

const COUNT = 'type: counter, for: conversation, on: MessageConsumerEvent';
const STATE = `
state:
  conversation:
    first: { type: time, set: [{ on: MessageConsumerEvent, to: 'coalesce(conversation.first, event.time)' }] }
    messages: { type: number, default: 0, set: [{ on: MessageConsumerEvent, add: 1 }] }
`;

describe('at the switch to another catalog', () => {
  it('untouched metrics keep their values, changed ones start anew, removed ones stop', async () => {
    const switching = new Switching();
    const before = catalogOf(`metrics:
  - { name: kept_total, help: K., ${COUNT} }
  - { name: changed_total, help: C., ${COUNT} }
  - { name: removed_total, help: R., ${COUNT} }`);
    const after = catalogOf(`metrics:
  - { name: changed_total, help: C., ${COUNT}, value: '2' }
  - { name: added_total, help: A., ${COUNT} }
  - { name: kept_total, help: 'Another help, which is no rule.', ${COUNT} }`);
    await switching.under(before, [message(1), message(2)], 3);
    expect(await switching.under(after, [message(4)], 5)).toEqual(['added_total 1', 'changed_total 2', 'kept_total 3']);
    expect(await switching.under(before, [message(6)], 7)).toEqual([
      'changed_total 1',
      'kept_total 4',
      'removed_total 1',
    ]);
  });

  it('a metric that was not in force for a version starts anew, also where nothing happened in that version', async () => {
    const switching = new Switching();
    const catalog = catalogOf(`metrics:
  - { name: kept_total, help: K., ${COUNT} }
  - { name: returns_total, help: R., ${COUNT} }`);
    const [kept = '', returns = ''] = catalog.metrics.map((metric) => metric.seriesKey);
    const first = { version: 1, since: new Map([kept, returns].map((key) => [key, 1])) };
    const third = {
      version: 3,
      since: new Map([
        [kept, 1],
        [returns, 3],
      ]),
    };
    expect(await switching.under(catalog, [message(1)], 2, first)).toEqual(['kept_total 1', 'returns_total 1']);
    expect(await switching.under(catalog, [message(3)], 4, third)).toEqual(['kept_total 2', 'returns_total 1']);
  });

  it('a metric has changed when a field or an own event that it reads has', async () => {
    const switching = new Switching();
    const catalog = (limit: number, add: number) =>
      catalogOf(`
state: { conversation: { n: { type: number, default: 0, set: [{ on: MessageConsumerEvent, add: ${add} }] } } }
events: { conversation: { Many: { on: MessageConsumerEvent, when: 'conversation.n >= ${limit}' } } }
metrics:
  - { name: by_event_total, help: E., type: counter, for: conversation, on: Many }
  - { name: by_field_total, help: F., ${COUNT}, value: conversation.n }
  - { name: plain_total, help: P., ${COUNT} }`);
    const steps = [message(1), message(2)];
    expect(await switching.under(catalog(1, 1), steps, 3)).toEqual([
      'by_event_total 1',
      'by_field_total 1',
      'plain_total 2',
    ]);
    // The own event reads the field, so what counts it has changed with either; the field keeps its value.
    expect(await switching.under(catalog(3, 1), [message(4)], 5)).toEqual(['by_field_total 3', 'plain_total 3']);
    expect(await switching.under(catalog(3, 5), [message(6)], 7)).toEqual([
      'by_event_total 1',
      'by_field_total 3',
      'plain_total 4',
    ]);
  });

  it('a new or retyped field is its default, and a removed one is gone when it comes back', async () => {
    const switching = new Switching();
    const catalog = (field: string) =>
      catalogOf(`
state: { conversation: { ${field} } }
metrics: [{ name: value_sum, help: V., type: gauge, over: conversation, value: conversation.x }]`);
    const number = "x: { type: number, set: [{ on: MessageConsumerEvent, to: '1' }] }";
    const other = "y: { type: number, set: [{ on: MessageConsumerEvent, to: '1' }] }";
    const time = 'x: { type: time, default: null, set: [{ on: ConversationEndEvent, to: event.time }] }';
    const preset = "x: { type: number, default: 9, set: [{ on: ConversationEndEvent, to: '1' }] }";
    expect(await switching.under(catalog(number), [message(1)], 2)).toEqual(['value_sum 1']);
    expect(await switching.under(catalog(preset), [], 3)).toEqual(['value_sum 1']);
    const without = catalogOf(`state: { conversation: { ${other} } }\nmetrics: []`);
    await switching.under(without, [], 4);
    expect(await switching.under(catalog(preset), [], 5)).toEqual(['value_sum 9']);
    await switching.under(catalogOf(`state: { conversation: { ${time} } }\nmetrics: []`), [], 6);
    expect(await switching.under(catalog(number), [], 7)).toEqual(['value_sum 0']);
  });

  it('a new timer already past does not fire, one that is still to come does', async () => {
    const switching = new Switching();
    const catalog = (events: string) =>
      catalogOf(`${STATE}
events: { conversation: { ${events} } }
metrics: [{ name: due_total, help: D., type: counter, for: conversation, on: [Due, DueLater], labels: { what: event.type } }]`);
    const none = catalogOf(`${STATE}\nmetrics: []`);
    await switching.under(none, [message(10)], 50);
    const both = catalog('Due: { at: conversation.first + 30 }, DueLater: { at: conversation.first + 60 }');
    expect(await switching.under(both, [], 60)).toEqual([]);
    expect(await switching.under(both, [], 80)).toEqual(['due_total{what="DueLater"} 1']);
    // The event that comes next finds the same armed time: it has been passed over for good.
    expect(await switching.under(both, [message(90)], 95)).toEqual(['due_total{what="DueLater"} 1']);
    await switching.under(none, [], 96);
    expect(await switching.under(both, [], 200)).toEqual([]);
  });

  it('a pending timer that stays fires once, at its time', async () => {
    const switching = new Switching();
    const catalog = (more: string) =>
      catalogOf(`${STATE}
events: { conversation: { Due: { at: conversation.first + 30 } } }
metrics:
  - { name: due_total, help: D., type: counter, for: conversation, on: Due }${more}`);
    await switching.under(catalog(''), [message(10)], 20);
    const more = catalog(`\n  - { name: open, help: O., type: gauge, over: conversation }`);
    expect(await switching.under(more, [], 39)).toEqual(['open 1']);
    expect(await switching.under(more, [], 41)).toEqual(['due_total 1', 'open 1']);
    expect(await switching.under(catalog(''), [], 60)).toEqual(['due_total 1']);
  });

  it('no set rule runs, and since: waits for the next event', async () => {
    const switching = new Switching();
    await switching.under(catalogOf(`${STATE}\nmetrics: []`), [message(10)], 20);
    const after = catalogOf(`
state:
  conversation:
    messages: { type: number, default: 0, set: [{ on: MessageConsumerEvent, add: 1 }] }
    busySince: { since: conversation.messages > 0 }
metrics:
  - { name: busy, help: B., type: gauge, over: conversation, when: conversation.busySince != null }
  - { name: messages, help: M., type: gauge, over: conversation, value: conversation.messages }`);
    expect(await switching.under(after, [], 30)).toEqual(['busy 0', 'messages 1']);
    expect(await switching.under(after, [message(40)], 50)).toEqual(['busy 1', 'messages 2']);
  });

  it('age conditions come true or false up to the present moment', async () => {
    const switching = new Switching();
    await switching.under(catalogOf(`${STATE}\nmetrics: []`), [message(10), message(95, { conversation: 'c2' })], 100);
    const after = catalogOf(`${STATE}
metrics:
  - { name: old, help: O., type: gauge, over: conversation, when: 'age(conversation.first) >= minute' }
  - { name: young, help: Y., type: gauge, over: conversation, when: 'age(conversation.first) < minute' }`);
    expect(await switching.under(after, [], 101)).toEqual(['old 1', 'young 1']);
    expect(await switching.under(after, [], 160)).toEqual(['old 2', 'young 0']);
  });

  it('a new accruing counter begins at the switch, one that stays goes on', async () => {
    const switching = new Switching();
    const accruing = (name: string) =>
      `{ name: ${name}, help: T., type: counter, over: conversation, when: 'conversation.messages > 0' }`;
    const first = catalogOf(`${STATE}\nmetrics: [${accruing('a_total')}]`);
    const both = catalogOf(`${STATE}\nmetrics: [${accruing('a_total')}, ${accruing('b_total')}]`);
    await switching.under(first, [message(10)], 100);
    expect(await switching.under(both, [message(160)], 161)).toEqual(['a_total 150', 'b_total 60']);
  });

  it('a shorter memory forgets what it is to forget by now', async () => {
    const switching = new Switching();
    const catalog = (days: number) =>
      catalogOf(`
forget: { conversation: conversation.lastEventAt + ${days} * day }
metrics: [{ name: known, help: K., type: gauge, over: conversation }]`);
    const day = 86_400;
    expect(await switching.under(catalog(9), [message(0)], 3 * day)).toEqual(['known 1']);
    expect(await switching.under(catalog(2), [], 3 * day + 1)).toEqual(['known 0']);
  });

  it('held events go on under the new catalog', async () => {
    const switching = new Switching(10_000);
    const before = catalogOf(`metrics: [{ name: a_total, help: A., ${COUNT} }]`);
    const after = catalogOf(`metrics: [{ name: b_total, help: B., ${COUNT} }]`);
    expect(await switching.under(before, [message(1), message(12)], 13)).toEqual(['a_total 1']);
    expect(await switching.under(after, [], 30)).toEqual(['b_total 1']);
  });
});

describe('a switch that is interrupted', () => {
  const gauges = (...names: string[]) =>
    catalogOf(`
state: { agent: { weight: { type: number, set: [{ on: AgentSnapshotEvent, to: event.assignedWeight }] } } }
metrics:
${names.map((name) => `  - { name: ${name}, help: G., type: gauge, over: agent, value: agent.weight }`).join('\n')}
${names.map((name) => `  - { name: ${name}_max, help: M., type: gauge, over: agent, value: agent.weight, aggregate: max }`).join('\n')}
  - { name: snapshots_total, help: S., type: counter, for: agent, on: AgentSnapshotEvent }`);
  const AGENTS = 450;
  const a = gauges('both', 'only_a');
  const b = gauges('both', 'only_b');
  const c = gauges('only_c');
  const shown = (snapshotsTotal: number, ...names: string[]) => [
    ...names.flatMap((name) => [`${name} ${AGENTS * 2}`, `${name}_max 2`]),
    `snapshots_total ${snapshotsTotal}`,
  ];
  const begun = async (commits: number): Promise<Switching> => {
    const switching = new Switching();
    expect(await switching.under(a, snapshots(1, AGENTS), 2)).toEqual(shown(AGENTS, 'both', 'only_a'));
    await switching.interrupted(b, commits);
    return switching;
  };

  // The first commit, a slice, another one; three slices are all, and the last commit is missing.
  for (const commits of [1, 2, 3, 4]) {
    it(`after ${commits} commits goes on to the same catalog`, async () => {
      const switching = await begun(commits);
      expect(await switching.under(b, [], 3)).toEqual(shown(AGENTS, 'both', 'only_b'));
      expect(await switching.layouts()).toBe(2);
    });

    it(`after ${commits} commits goes back`, async () => {
      const switching = await begun(commits);
      expect(await switching.under(a, [], 3)).toEqual(shown(AGENTS, 'both', 'only_a'));
      expect(await switching.layouts()).toBe(2);
    });

    it(`after ${commits} commits goes on to a third, which is interrupted, too, and back`, async () => {
      const switching = await begun(commits);
      await switching.interrupted(c, 2);
      await switching.interrupted(b, 2);
      expect(await switching.under(c, [], 3)).toEqual(shown(AGENTS, 'only_c'));
      expect(await switching.under(a, snapshots(9, AGENTS), 10)).toEqual(shown(AGENTS * 2, 'both', 'only_a'));
    });
  }

  it('shows what stays unchanged all the while', async () => {
    const switching = await begun(2);
    expect(await switching.shown(b, 3)).toEqual([
      `both ${AGENTS * 2}`,
      'both_max 2',
      'only_b 400',
      'only_b_max 2',
      `snapshots_total ${AGENTS}`,
    ]);
  });
});
