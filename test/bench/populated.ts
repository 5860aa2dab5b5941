import { type Item, Partition } from '@app/engine';
import { type Event, NOTHING_CARRIED } from '@app/event';
import { RedisStateStore } from '@app/state';
import { Redis } from 'ioredis';
import { allPacks } from './catalogs.js';
import { ACCOUNT, pieces, placed } from './load.js';

export const PARTITIONS = 8;

/** Events of an agent who has answered some consumers in the last hour and has a conversation open now; from `nowMs` back. */
export function agentHistory(agent: number, nowMs: number): Event[] {
  const agentId = String(2_000_000_000 + agent);
  const common = { accountId: ACCOUNT, ...NOTHING_CARRIED, agentId, agentName: `Agent ${agent}`, isAssigned: true };
  const events: Event[] = [];
  const add = (type: Event['type'], backMs: number, more: Partial<Event> = {}): void => {
    const time = nowMs - backMs;
    const uid = `u-${agent}-${events.length}`;
    events.push({ ...common, type, time, receivedAt: time + 40, uid, ...more });
  };
  add('AgentStateChangedEvent', 3_600_000, { stateCode: '2', state: 'ONLINE' });
  for (let n = 0; n < 4; n += 1) {
    const conversationId = uuid(agent * 16 + n);
    const start = 3_300_000 - n * 800_000 - (agent % 600) * 1_000;
    const nobody = { conversationId, agentId: null, agentName: null, isAssigned: null };
    add('ConversationRequestEvent', start, nobody);
    add('MessageConsumerEvent', start - 1_000, nobody);
    add('TTRStatusEvent', start - 1_000, { ...nobody, effectiveTtr: nowMs - start + 600_000 });
    add('ParticipantAgentAddEvent', start - 5_000, { conversationId });
    add('MessageAgentEvent', start - 20_000, { conversationId });
    if (n < 3) add('ConversationEndEvent', start - 60_000, nobody);
  }
  const workload = { assignedWeight: 1, maxSlots: 4, assignedConversations: 1 };
  add('AgentSnapshotEvent', 1_000 + (agent % 20_000), workload);
  return events;
}

/** Events of conversations that are open and have been answered, in order of time. */
export function* openConversations(count: number, agents: number, nowMs: number): Generator<Event> {
  for (let n = 0; n < count; n += 1) {
    const conversationId = uuid(1_000_000_000 + n);
    const agent = { agentId: String(2_000_000_000 + (n % agents)), agentName: `Agent ${n % agents}`, isAssigned: true };
    const nobody = { agentId: null, agentName: null, isAssigned: null };
    const start = nowMs - 600_000 + Math.floor((n / count) * 300_000);
    const common = { accountId: ACCOUNT, ...NOTHING_CARRIED, conversationId };
    const steps: [Event['type'], number, Partial<Event>][] = [
      ['ConversationRequestEvent', 0, nobody],
      ['MessageConsumerEvent', 1_000, nobody],
      ['TTRStatusEvent', 1_000, { ...nobody, effectiveTtr: start + 3_600_000 }],
      ['ParticipantAgentAddEvent', 5_000, agent],
      ['MessageAgentEvent', 20_000, agent],
      ['MessageConsumerEvent', 60_000, nobody],
    ];
    for (const [type, afterMs, more] of steps) {
      const time = start + afterMs;
      yield { ...common, type, time, receivedAt: time + 40, uid: `o-${n}-${afterMs}-${type}`, ...more };
    }
  }
}

/** Applies events to the state in Redis as the metrics app would, from this process. */
export class Populating {
  private readonly redis: Redis;
  private readonly partitions: readonly Partition[];
  private jobs = 0;

  constructor(redisUrl: string) {
    this.redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
    const catalog = allPacks();
    const setAside = ({ reason }: { readonly reason: string }): Promise<void> => Promise.reject(new Error(reason));
    this.partitions = Array.from({ length: PARTITIONS }, (_, partition) => {
      const store = new RedisStateStore(this.redis, { partition });
      return new Partition({ catalog, holdMs: 0, store, setAside });
    });
  }

  /** In the order given; each partition gets its share in batches of 500. */
  async apply(events: readonly Event[]): Promise<void> {
    const shares = new Map<number, Item[]>();
    for (const { partition, item } of events.flatMap((event) => placed(event, PARTITIONS))) {
      const share = shares.get(partition);
      if (share === undefined) shares.set(partition, [item]);
      else share.push(item);
    }
    for (const [partition, share] of shares) {
      for (const items of pieces(share, 500)) {
        this.jobs += 1;
        await this.partitions[partition]?.process({ id: String(this.jobs), items });
      }
    }
  }

  close(): void {
    this.redis.disconnect();
  }
}

/** A UUID as LivePerson's conversation ids are, the same for the same number. */
function uuid(number: number): string {
  const hex = number.toString(16).padStart(12, '0');
  const noise = (Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `${noise}-${noise.slice(4)}-4${noise.slice(5)}-8${noise.slice(1, 4)}-${hex}`;
}
