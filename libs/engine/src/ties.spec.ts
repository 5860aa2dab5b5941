import { describe, expect, it } from '@jest/globals';
import { catalogOf, type EventStep, type Step, tell, type Telling } from '../../../test/support/story.js';

const catalog = catalogOf(`
events:
  conversation:
    Zed: { at: conversation.by }
    Alpha: { at: conversation.later }
state:
  conversation:
    by: { type: time, set: [ { on: TTRStatusEvent, to: event.effectiveTtr } ] }
    later:
      type: time
      set:
        - { on: TTRStatusEvent, when: event.stateCode == 'both', to: event.effectiveTtr }
        - { on: TTRStatusEvent, when: event.stateCode == 'three', to: event.effectiveTtr + 3 }
    last: { type: string, set: [ { on: [Zed, Alpha], to: event.type }, { on: AppActionEvent, to: event.actionName } ] }
    count: { type: number, set: [ { on: ConversationRequestEvent, to: 10 }, { on: MessageConsumerEvent, add: 1 } ] }
    asked: { type: time, set: [ { on: MessageConsumerEvent, to: event.time } ] }
metrics:
  - { name: last, help: h, type: gauge, over: conversation, when: conversation.last != null, labels: { last: conversation.last } }
  - { name: fired_total, help: h, type: counter, for: conversation, on: [Zed, Alpha], labels: { after: conversation.last } }
  - { name: count, help: h, type: gauge, over: conversation, when: conversation.count != null, value: conversation.count, labels: { id: conversation.id } }
  - { name: old, help: h, type: gauge, over: conversation, when: age(conversation.asked) >= 5 }
`);

const of =
  (type: EventStep['type']) =>
  (at: number, more: Partial<EventStep> = {}): Step => ({ at, type, conversation: 'c', ...more });
const asks = of('MessageConsumerEvent');
const acts = of('AppActionEvent');
const ttr = of('TTRStatusEvent');

interface Story {
  name: string;
  steps: Step[];
  telling?: Telling;
  want: string[];
}

const STORIES: Story[] = [
  {
    name: 'timers of one time fire by name, and the last one has the say',
    steps: [ttr(1, { effectiveTtr: 10_000, stateCode: 'both' })],
    telling: { until: 10 },
    want: ['fired_total{after=""} 1', 'fired_total{after="Alpha"} 1', 'last{last="Zed"} 1', 'old 0'],
  },
  {
    name: 'and so they do before the event that comes after them',
    steps: [ttr(1, { effectiveTtr: 10_000, stateCode: 'both', received: 101 }), asks(11, { received: 105 })],
    want: ['count{id="c"} 1', 'fired_total{after=""} 1', 'fired_total{after="Alpha"} 1', 'last{last="Zed"} 1', 'old 0'],
  },
  {
    name: 'timers that an outage has put off to one instant fire in the order of their own times',
    steps: [ttr(1, { effectiveTtr: 12_000, stateCode: 'three' }), { outage: [10, 20] }],
    telling: { until: 40 },
    want: ['fired_total{after=""} 1', 'fired_total{after="Zed"} 1', 'last{last="Alpha"} 1', 'old 0'],
  },
  {
    name: 'of app actions of one time, UNFOCUS comes first',
    steps: [acts(1, { actionName: 'FOCUS_CONV', uid: 'a' }), acts(1, { actionName: 'UNFOCUS_CONV', uid: 'b' })],
    telling: { holdMs: 250 },
    want: ['last{last="FOCUS_CONV"} 1', 'old 0'],
  },
  {
    name: 'add does not move the time of a field: a late to: from before it still sets it',
    steps: [asks(5), of('ConversationRequestEvent')(3, { received: 6 })],
    want: ['count{id="c"} 10', 'old 0'],
  },
  {
    name: 'an age that was reached stays reached, though an event of a time before comes after',
    steps: [asks(1), acts(4, { received: 8 })],
    telling: { until: 8 },
    want: ['count{id="c"} 1', 'old 1'],
  },
];

describe('ties and times', () => {
  it.each(STORIES)('$name', async ({ steps, telling, want }) => {
    expect(await tell(catalog, steps, telling)).toEqual(want);
  });
});
