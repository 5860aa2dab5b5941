import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { System, type SystemOptions, until } from '../e2e/system.js';

/** The account with something in it. */
export const ACCOUNT = '84731';

/** An account with one idle agent. */
export const QUIET = '20077';

/** How often an agent is heard of; one is gone after 90 s. */
const SNAPSHOT_EVERY_MS = 20_000;

const TEAMS = 'agent_id,team\na1,Sales\na2,Service\n';

const ada = { agentId: 'a1', agentName: 'Ada' };
const bob = { agentId: 'a2', agentName: 'Bob' };
const eve = { agentId: 'b1', agentName: 'Eve' };

/**
 * A running system with a small contact center of which every number is known. Ada (Sales) is overloaded, Bob (Service) is
 * at lunch. c1 is Ada's and overdue; c2 is Bob's, was answered after 20 s and is due soon; c3 waits in the queue.
 */
export class Center {
  private sent = 0;
  private timer: ReturnType<typeof setInterval> | null = null;

  private constructor(readonly system: System) {}

  static async open(options: Pick<SystemOptions, 'env'> = {}): Promise<Center> {
    const prepare = (configDir: string): void => {
      writeFileSync(join(configDir, 'metrics/agents.csv'), TEAMS);
      writeFileSync(join(configDir, 'metrics/teams.yaml'), 'tables: { agents: { file: agents.csv } }\n');
    };
    const center = new Center(await System.start({ config: 'shipped', prepare, ...options }));
    await center.story();
    center.timer = setInterval(() => void center.snapshots().catch(() => undefined), SNAPSHOT_EVERY_MS);
    return center;
  }

  get url(): string {
    return `http://127.0.0.1:${this.system.ports.metrics}`;
  }

  /** Sends one event that happened so long ago (ms). */
  async send(eventType: string, ago: number, data: object, accountId = ACCOUNT): Promise<void> {
    const commonHeader = {
      accountId,
      eventType,
      uid: `u-${(this.sent += 1)}`,
      schemaVersion: '1-0-0',
      eventTimestamp: Date.now() - ago,
    };
    const { status, text } = await this.system.post(JSON.stringify({ commonHeader, data }));
    if (status !== 200) throw new Error(`${eventType} was answered ${status}: ${text}`);
  }

  /** A consumer asks for a conversation. */
  request(convId: string, ago = 0): Promise<void> {
    return this.send('ConversationRequestEvent', ago, { convDetails: { convId } });
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.system.stop();
  }

  private async story(): Promise<void> {
    const of = (convId: string) => ({ convDetails: { convId } });
    const by = (convId: string, agent: object) => ({ ...of(convId), agentDetails: { ...agent, isAssigned: true } });
    await this.request('c1', 600_000);
    await this.send('ParticipantAgentAddEvent', 590_000, by('c1', ada));
    await this.request('c2', 500_000);
    await this.send('ParticipantAgentAddEvent', 499_000, by('c2', bob));
    await this.send('MessageConsumerEvent', 450_000, of('c2'));
    await this.send('MessageAgentEvent', 430_000, by('c2', bob));
    await this.send('AgentStateChangedEvent', 200_000, { agentDetails: ada, stateCode: '2', stateDesc: 'ONLINE' });
    const lunch = { stateCode: '4', stateDesc: 'AWAY', reasonCode: '7', reasonDesc: 'Lunch' };
    await this.send('AgentStateChangedEvent', 200_000, { agentDetails: bob, ...lunch });
    await this.send('MessageConsumerEvent', 120_000, of('c1'));
    await this.send('TTRStatusEvent', 119_000, { ...of('c1'), effectiveTtr: Date.now() - 60_000 });
    await this.request('c3', 90_000);
    // Comes without delay: what was due before it is now known to be missed.
    await this.send('MessageConsumerEvent', 0, of('c1'));
    await this.send('TTRStatusEvent', 0, { ...of('c2'), effectiveTtr: Date.now() + 280_000 });
    await this.snapshots();
  }

  private async snapshots(): Promise<void> {
    const full = { totalAssignedConvWeight: 5, maxSlots: 4, totalAssignedConversations: 5 };
    const idle = { totalAssignedConvWeight: 1, maxSlots: 4, totalAssignedConversations: 1 };
    await this.send('AgentSnapshotEvent', 0, { ...ada, ...full });
    await this.send('AgentSnapshotEvent', 0, { ...bob, ...idle });
    await this.send('AgentSnapshotEvent', 0, { ...eve, ...idle }, QUIET);
  }

  /** Waits until a breach is counted, which comes last; `headers` are those of a token, if any is needed. */
  async atRest(headers: Readonly<Record<string, string>> = {}): Promise<void> {
    await until('the breach is counted', async () => {
      const reply = await fetch(`${this.url}/metrics`, { headers });
      return (await reply.text()).includes(`ttr_breaches_total{account_id="${ACCOUNT}",agent_id="a1"} 1\n`);
    });
  }
}
