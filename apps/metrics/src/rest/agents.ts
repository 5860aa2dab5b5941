import { type Layout, parseLayout } from '@app/engine';
import type { Value } from '@app/language';
import type { Clock } from '@app/queue';
import type { KeptEntity, RedisEntityReader } from '@app/state';
import { type AgentState, agentView, type AgentView } from './agent-view.js';

/** The agents that the engine knows, as of now. What is read rejects as Redis does. */
export class Agents {
  /** Parsed layouts by their text; there are as many as there were catalogs. */
  private readonly layouts = new Map<string, Layout>();

  constructor(
    private readonly reader: RedisEntityReader,
    private readonly clock: Clock,
  ) {}

  /** Every agent of the account, in no order; none when nobody has heard of the account. */
  async all(accountId: string): Promise<readonly AgentView[]> {
    const nowMs = this.clock.now();
    const views: AgentView[] = [];
    for await (const slice of this.reader.entities('agent', accountId)) {
      for (const agent of slice) if (agent.record.known) views.push(agentView(this.stateOf(agent), nowMs));
    }
    return views;
  }

  /** One agent, or null when it is not known. */
  async one(accountId: string, id: string): Promise<AgentView | null> {
    const agent = await this.reader.entity({ kind: 'agent', accountId, id });
    return agent === null || !agent.record.known ? null : agentView(this.stateOf(agent), this.clock.now());
  }

  private stateOf({ id, record, layout: text }: KeptEntity): AgentState {
    let layout = this.layouts.get(text);
    if (layout === undefined) this.layouts.set(text, (layout = parseLayout(text)));
    const fields = new Map<string, Value>();
    layout.fields.forEach(([name], index) => fields.set(name, record.values[index] ?? null));
    return { id, fields };
  }
}
