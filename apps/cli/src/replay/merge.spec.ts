import { describe, expect, it } from '@jest/globals';
import { partitionOf } from '@app/queue';
import fc from 'fast-check';
import { type Input, merged } from './merge.js';

const T0 = 1_772_474_400_000;
const PARTITIONS = 3;

interface Happening {
  readonly conversation: string;
  readonly agent: string;
  /** The replica that receives it, and after how long each partition has it (ms). */
  readonly replica: number;
  readonly pauses: readonly [number, number];
}

const arbitraryHappening: fc.Arbitrary<Happening> = fc.record({
  conversation: fc.constantFrom('c1', 'c2', 'c3'),
  agent: fc.constantFrom('a1', 'a2', 'a3'),
  replica: fc.nat({ max: 2 }),
  pauses: fc.tuple(fc.nat({ max: 90 }), fc.nat({ max: 90 })),
});

/** A body of which only the time, the conversation and the agent matter. */
function bodyOf({ conversation, agent }: Happening, uid: string): object {
  const commonHeader = {
    accountId: '84731',
    uid,
    schemaVersion: '1-0-0',
    eventTimestamp: T0,
    eventType: 'MessageAgentEvent',
  };
  return { commonHeader, data: { convDetails: { convId: conversation }, agentDetails: { agentId: agent } } };
}

/** Lets replicas store what happens, and tells what each partition's queue holds then, and each replica's record. */
function store(happenings: readonly Happening[]): { queues: string[][]; records: Input[] } {
  const floors = Array.from({ length: PARTITIONS }, () => T0);
  const queues = floors.map((): { at: number; what: string }[] => []);
  const lines = [0, 1, 2].map((): string[] => []);
  happenings.forEach((happening, index) => {
    const { conversation, agent, replica, pauses } = happening;
    const instants = [conversation, agent].map((id, entity) => {
      const partition = partitionOf('84731', id, PARTITIONS);
      const at = Math.max(floors[partition] ?? 0, T0 + index + (pauses[entity] ?? 0));
      floors[partition] = at + 1;
      queues[partition]?.push({ at, what: `u${index} ${id} ${at - T0}` });
      return at;
    });
    const [receivedAt, agentReceivedAt] = instants;
    lines[replica]?.push(JSON.stringify({ receivedAt, agentReceivedAt, event: bodyOf(happening, `u${index}`) }));
  });
  const records = lines.map((of, index) => ({ name: `record-${index}`, lines: asLines(of) }));
  return { queues: queues.map((queue) => queue.map(({ what }) => what)), records };
}

async function* asLines(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

/** What each partition gets out of the merged records. */
async function queuesOf(records: readonly Input[]): Promise<string[][]> {
  const queues = Array.from({ length: PARTITIONS }, (): string[] => []);
  for await (const { entry, at } of merged(records)) {
    if (entry.kind !== 'event') throw new Error(entry.kind);
    const id = (at === 'agent' ? entry.event.agentId : entry.event.conversationId) ?? '';
    const partition = partitionOf('84731', id, PARTITIONS);
    queues[partition]?.push(`${entry.event.uid} ${id} ${entry.event.receivedAt - T0}`);
  }
  return queues;
}

describe('the records of several replicas', () => {
  it('give each partition what its queue held, in that order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryHappening, { maxLength: 40 }), async (happenings) => {
        const { queues, records } = store(happenings);
        expect(await queuesOf(records)).toEqual(queues);
      }),
    );
  });

  it('keep outages in their place, and say in which file a line cannot be used', async () => {
    const records = [
      { name: 'one', lines: asLines(['{"outage":{"from":1,"to":50}}', 'hello']) },
      { name: 'other', lines: asLines(['{"outage":{"from":1,"to":20}}', '', '{"outage":{"from":60,"to":90}}']) },
    ];
    const told: string[] = [];
    for await (const { entry, place } of merged(records)) {
      told.push(`${place} ${entry.kind === 'outage' ? entry.to : entry.kind}`);
    }
    expect(told).toEqual(['one: line 2 problem', 'other: line 1 20', 'one: line 1 50', 'other: line 3 90']);
  });
});
