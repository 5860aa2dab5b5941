import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../../../../test/support/command-line.js';

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
    help: W.
    type: histogram
    for: conversation
    on: Answered
    value: event.time - conversation.waitingSince
    labels: { agent_id: event.agentId }
    buckets: [5]
  - { name: missed_total, help: M., type: counter, for: conversation, on: Missed }
  - { name: _waiting, help: G., type: gauge, over: conversation, when: conversation.waitingSince != null }
  - { name: waiting_twice, help: F., type: gauge, formula: 2 * value(_waiting) }
`;

const UNEXERCISED = `events:
  agent:
    Away: { on: AgentStateChangedEvent, when: event.state == 'AWAY' }
state:
  agent:
    name:
      type: string
      set:
        - { on: MessageAgentEvent, to: event.agentName }
        - { on: Away, to: null }
metrics:
  - { name: away_total, help: A., type: counter, for: agent, on: MessageAgentEvent, zero_on: MessageAgentEvent, when: agent.name == 'B', labels: { x: "event.agentName == null ? 'a' : 'b'" } }
`;

const EVENTS = `
    events:
      - { at: 1s, type: MessageConsumerEvent, conversation: c1 }
      - { at: 9s, type: MessageAgentEvent, conversation: c1, agent: a1 }
      - { at: 10s, type: MessageAgentEvent, conversation: c1, agent: a1 }
      - { at: 20s, type: MessageConsumerEvent, conversation: c1 }
    expect:`;

const GOOD = `tests:
  - name: good${EVENTS}
      - { at: 10s, metric: wait_seconds, samples: [{ labels: { agent_id: a1 }, count: 1, sum: 8 }] }
      - { at: 20s, metric: waiting_twice, samples: [{ value: 2 }] }
      - { at: 80s, metric: missed_total, samples: [{ value: 1 }] }
`;

const BAD = `tests:
  - name: bad${EVENTS}
      - { at: 10s, metric: wait_seconds, samples: [{ labels: { agent_id: a1 }, count: 1, sum: 9 }] }
      - { at: 80s, conversation: c1, state: { waitingSince: null } }
      - { at: 80s, metric: waiting_twice, samples: [] }
`;

let commands: CommandLine;

beforeEach(() => {
  commands = new CommandLine();
  commands.define('m.yaml', CATALOG);
});

afterEach(() => {
  commands.remove();
});

/** Runs a command line; the time that it took is not looked at. */
async function livemeter(...words: string[]): Promise<{ out: string; err: string; code: number }> {
  const { out, ...rest } = await commands.run(words);
  return { out: out.replace(/\(\d+\.\d\d s\)/, '(0.00 s)'), ...rest };
}

describe('livemeter test', () => {
  it('says that all is well', async () => {
    commands.define('m.test.yaml', GOOD);
    expect(await livemeter('test')).toEqual({ out: '1 test: 1 passed, 0 failed (0.00 s)\n', err: '', code: 0 });
  });

  it('tells what no test exercises, when all tests are run', async () => {
    const file = commands.define(
      'm.test.yaml',
      GOOD.replace(/missed_total, samples.*\n/, 'away_total, samples: [{ labels: { x: b }, value: 0 }] }\n').replaceAll(
        'agent: a1 }\n',
        'agent: a1, agentName: A }\n',
      ),
    );
    commands.define('n.yaml', UNEXERCISED);
    const out = '1 test: 1 passed, 0 failed (0.00 s)\n';
    expect(await livemeter('test')).toEqual({
      out,
      err: `no test exercises 5 parts of the definitions:
  ./config/metrics/m.yaml:22:13: no sample of missed_total is wanted
  ./config/metrics/n.yaml:3:5: agent.Away never happens
  ./config/metrics/n.yaml:10:11: this rule of name never takes effect
  ./config/metrics/n.yaml:12:119: the condition of away_total is never true
  ./config/metrics/n.yaml:12:152: event.agentName == null is never true
`,
      code: 0,
    });
    expect(await livemeter('test', file)).toEqual({ out, err: '', code: 0 });
  });

  it('tells the story of a test that fails, with what was wanted beside what there is', async () => {
    commands.define('a.test.yaml', GOOD);
    commands.define('b.test.yaml', BAD);
    const { out, code } = await livemeter('test');
    expect(out).toBe(`FAILED  ./config/metrics/b.test.yaml:2  bad
    at 10s, wait_seconds{agent_id="a1"} (line 9)
      want  count 1, sum 9
      got   count 1, sum 8
    at 80s, conversation c1, waitingSince (line 10)
      want  null
      got   20s
    at 80s, waiting_twice (line 11)
      want  no such sample
      got   2
    what happened:
      1s  MessageConsumerEvent at conversation c1
          waitingSince null → 1s
          contributes 1: _waiting
      9s  MessageAgentEvent at conversation c1, brings Answered
          waitingSince 1s → null
          observes 8: wait_seconds{agent_id="a1"}
          takes back 1: _waiting
          when false: _waiting
      9s  MessageAgentEvent at agent a1
      10s  MessageAgentEvent at conversation c1
          when false: Answered, _waiting
      10s  MessageAgentEvent at agent a1
      20s  MessageConsumerEvent at conversation c1
          waitingSince null → 20s
          contributes 1: _waiting
      80s  Missed at conversation c1

2 tests: 1 passed, 1 failed (0.00 s)
`);
    expect(code).toBe(1);
  });

  it('tells what is wrong in files of tests, and runs the others', async () => {
    commands.define('a.test.yaml', GOOD);
    commands.define('b.test.yaml', BAD.replace('wait_seconds', 'wait_second').replace('at: 1s', 'at: soon'));
    commands.define('c.test.yaml', BAD.replace('wait_seconds', 'wait_second'));
    commands.define(
      'n.yaml',
      'metrics: [{ name: x_total, help: X., type: counter, for: agent, on: AgentSnapshotEvent }]\n',
    );
    expect(await livemeter('test')).toEqual({
      out: '1 test: 1 passed, 0 failed, 2 errors (0.00 s)\n',
      err: [
        './config/metrics/b.test.yaml:4:15: wrong-shape: "at" is "soon" — it must be a time: seconds, or a text such as 90s, 1m30s or 1h',
        './config/metrics/c.test.yaml:9:28: unknown-name: there is no metric "wait_second" — did you mean "wait_seconds"?',
        '',
      ].join('\n'),
      code: 1,
    });
  });

  it('does not test a broken catalog', async () => {
    commands.define('m.test.yaml', GOOD);
    commands.define('n.yaml', 'metrics: 7\n');
    const { out, err, code } = await livemeter('test');
    expect(err).toContain('the definitions cannot be used:\n./config/metrics/n.yaml:1:');
    expect({ out, code }).toEqual({ out: '', code: 1 });
  });

  it('prints JSON of a broken catalog, too', async () => {
    commands.define('n.yaml', 'metrics: 7\n');
    const { out, err, code } = await livemeter('test', '--json');
    expect(JSON.parse(out)).toMatchObject({
      tests: 0,
      failed: 0,
      errors: [{ file: './config/metrics/n.yaml', line: 1, col: 10, code: 'wrong-shape' }],
      failures: [],
      untested: null,
    });
    expect({ err, code }).toEqual({ err: '', code: 1 });
  });

  it('prints JSON', async () => {
    commands.define('b.test.yaml', BAD);
    const { out, err, code } = await livemeter('test', '--json');
    expect(JSON.parse(out)).toEqual({
      tests: 1,
      passed: 0,
      failed: 1,
      seconds: expect.any(Number),
      errors: [],
      failures: [
        {
          file: './config/metrics/b.test.yaml',
          line: 2,
          col: 11,
          name: 'bad',
          differences: [
            { line: 9, at: 10, subject: 'wait_seconds{agent_id="a1"}', want: 'count 1, sum 9', got: 'count 1, sum 8' },
            { line: 10, at: 80, subject: 'conversation c1, waitingSince', want: 'null', got: '20s' },
            { line: 11, at: 80, subject: 'waiting_twice', want: 'no such sample', got: '2' },
          ],
          steps: expect.arrayContaining([
            {
              time: 9,
              entity: 'conversation',
              id: 'c1',
              name: 'MessageAgentEvent',
              outcome: 'applied',
              ownEvents: ['Answered'],
              changes: [
                { field: 'lastEventAt', before: 1, after: 9 },
                { field: 'waitingSince', before: 1, after: null },
              ],
              values: [
                { kind: 'observed', metric: 'wait_seconds', labels: ['a1'], value: 8 },
                { kind: 'taken', metric: '_waiting', labels: [], value: 1 },
              ],
              falseConditions: ['_waiting'],
              noResults: [],
            },
          ]),
        },
      ],
      untested: [
        {
          file: './config/metrics/m.yaml',
          line: 22,
          col: 13,
          kind: 'metric',
          what: 'no sample of missed_total is wanted',
        },
        expect.objectContaining({ what: 'no sample of _waiting is wanted' }),
        expect.objectContaining({ what: 'no sample of waiting_twice is wanted' }),
      ],
    });
    expect({ err, code }).toEqual({ err: '', code: 1 });
  });
});
