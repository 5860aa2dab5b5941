import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine, type Printed } from '../../../../test/support/command-line.js';

const T0 = Date.parse('2026-03-02T18:00:00Z');

const CATALOG = `
events:
  conversation:
    Answered: { on: MessageAgentEvent, when: conversation.waitingSince != null }
    Missed: { at: conversation.waitingSince + 60 }
state:
  conversation:
    waitingSince:
      type: time
      set:
        - { on: MessageConsumerEvent, to: "coalesce(conversation.waitingSince, event.time)" }
        - { on: Answered, to: null }
metrics:
  - name: wait_seconds
    help: How long consumers wait.
    type: histogram
    for: conversation
    on: Answered
    value: event.time - conversation.waitingSince
    labels: { agent_id: event.agentId }
    buckets: [5]
  - { name: missed_total, help: M., type: counter, for: conversation, on: Missed }
  - { name: waiting, help: W., type: gauge, over: conversation, when: conversation.waitingSince != null }
  - name: oldest_seconds
    help: O.
    type: gauge
    over: conversation
    when: conversation.waitingSince != null
    value: age(conversation.waitingSince)
    aggregate: max
  - { name: mean_wait_seconds, help: The mean., type: gauge, formula: sum(wait_seconds) / count(wait_seconds) }
`;

let commands: CommandLine;

beforeEach(() => {
  commands = new CommandLine();
  commands.define('m.yaml', CATALOG);
});

afterEach(() => {
  commands.remove();
});

function line(seconds: number, eventType: string, conversation: string, more: object = {}): string {
  const uid = `u${seconds}`;
  const commonHeader = {
    accountId: '84731',
    uid,
    schemaVersion: '1-0-0',
    eventTimestamp: T0 + seconds * 1000,
    eventType,
  };
  return JSON.stringify({ commonHeader, data: { convDetails: { convId: conversation }, ...more } });
}

const agentDetails = { agentId: 'a1', agentName: 'One', isAssigned: true };

const STORY = [
  line(0, 'MessageConsumerEvent', 'c1'),
  line(3, 'MessageConsumerEvent', 'c2'),
  line(8, 'MessageAgentEvent', 'c1', { agentDetails }),
  line(9, 'MessageAgentEvent', 'c1', { agentDetails }),
  line(20, 'MessageConsumerEvent', 'c1'),
].join('\n');

function explain(words: readonly string[], input = STORY): Promise<Printed> {
  return commands.run(['explain', ...words, '--file', '-'], input);
}

describe('livemeter explain, from a file', () => {
  it('tells what led to a histogram', async () => {
    const { out, err, code } = await explain(['wait_seconds', '--conversation', 'c1']);
    expect(out).toBe(`wait_seconds at conversation c1 of account 84731, from -
How long consumers wait.

what happened:
    2026-03-02T18:00:00.000Z  MessageConsumerEvent at conversation c1
        waitingSince null → 2026-03-02T18:00:00.000Z
    2026-03-02T18:00:08.000Z  MessageAgentEvent at conversation c1, brings Answered
        waitingSince 2026-03-02T18:00:00.000Z → null
        observes 8: wait_seconds{agent_id="a1"}
    2026-03-02T18:00:09.000Z  MessageAgentEvent at conversation c1
        when false: Answered
    2026-03-02T18:00:20.000Z  MessageConsumerEvent at conversation c1
        waitingSince null → 2026-03-02T18:00:20.000Z

its state in the end:
    lastEventAt 2026-03-02T18:00:20.000Z
    waitingSince 2026-03-02T18:00:20.000Z

its part in the metric:
    wait_seconds{agent_id="a1"}: count 1, sum 8
`);
    expect({ err, code }).toEqual({ err: '', code: 0 });
  });

  it.each([
    {
      what: 'a gauge holds what is there in the end',
      words: ['waiting', '--conversation', 'c2'],
      want: 'its part in the metric:\n    waiting: 1\n',
    },
    {
      what: 'an age is told by when it began',
      words: ['oldest_seconds', '--conversation', 'c1'],
      want: 'oldest_seconds: the age of 2026-03-02T18:00:20.000Z\n',
    },
    {
      what: 'timers fire up to --until',
      words: ['missed_total', '--conversation', 'c1', '--until', '2026-03-02T18:02:00Z'],
      want: '2026-03-02T18:01:20.000Z  Missed at conversation c1\n        observes 1: missed_total\n',
    },
    {
      what: 'nothing has come of it',
      words: ['missed_total', '--conversation', 'c1'],
      want: 'its part in the metric:\n    nothing\n',
    },
    {
      what: 'a formula is told by what it reads',
      words: ['mean_wait_seconds', '--conversation', 'c1'],
      want: 'It is a formula over the series of wait_seconds; this is the part that one entity has in them.',
    },
  ])('$what', async ({ words, want }) => {
    expect((await explain(words)).out).toContain(want);
  });

  it('tells programs the same', async () => {
    const { out } = await explain(['wait_seconds', '--conversation', 'c1', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      metric: 'wait_seconds',
      kind: 'conversation',
      id: 'c1',
      accountId: '84731',
      state: { waitingSince: T0 / 1000 + 20 },
      timers: null,
      parts: [{ kind: 'added', metric: 'wait_seconds', labels: ['a1'], count: 1, sum: 8 }],
    });
    expect((JSON.parse(out) as { steps: unknown[] }).steps).toHaveLength(4);
  });

  it('tells of the account that is named, where several have the id', async () => {
    const both = `${STORY}\n${line(30, 'MessageConsumerEvent', 'c1').replace('84731', 'other')}`;
    const words = ['waiting', '--conversation', 'c1'];
    expect(await explain(words, both)).toMatchObject({
      err: 'livemeter: several accounts have conversation c1: 84731, other — add --account\n',
      code: 2,
    });
    expect((await explain([...words, '--account', 'other'], both)).out).toContain('of account other');
  });

  it.each([
    {
      words: ['wait_second', '--conversation', 'c1'],
      err: 'there is no metric "wait_second" — did you mean "wait_seconds"?',
      code: 2,
    },
    { words: ['waiting'], err: 'name one entity — write --conversation ID or --agent ID', code: 2 },
    {
      words: ['waiting', '--agent', 'a1'],
      err: 'waiting is of conversations, and no agent has part in it — name one with --conversation ID',
      code: 2,
    },
    {
      words: ['waiting', '--conversation', 'c9'],
      err: '- has no event of conversation c9 — is the id right?',
      code: 1,
    },
  ])('$words: $err', async ({ words, err, code }) => {
    expect(await explain(words)).toEqual({ out: '', err: `livemeter: ${err}\n`, code });
  });
});
