import type { SeriesReader } from '@app/engine';
import type { EntityKind } from '@app/event';
import type { Catalog } from '@app/language';
import type { Clock } from '@app/queue';
import { type CatalogInForce, CatalogUnusable } from '../catalog/catalog-in-force.js';
import { ParameterReader, type Parameters, type Read } from '../http/parameters.js';
import { badRequest, ProblemError, problemOf } from '../http/problem.js';
import { accountLoad } from './account-load.js';
import { listAgents } from './agent-list.js';
import { readAgentQuery } from './agent-query.js';
import { agentView } from './agent-view.js';
import { isWanted, listConversations, readConversationQuery } from './conversation-list.js';
import { conversationDetail, conversationView } from './conversation-view.js';
import { type DrillDown, readDrillDown } from './drill-down.js';
import type { Entities, KnownEntity } from './entities.js';
import { readMetricQuery } from './metric-query.js';
import { metricValues, unknownNames } from './metric-values.js';
import type {
  AccountLoad,
  AgentList,
  AgentView,
  ConversationDetail,
  ConversationList,
  ConversationView,
  MetricsReply,
} from './replies.js';
import { membersOf, TEAM, teamsOf } from './teams.js';

/** Where the resources of accounts are read. The connection fails at once while Redis is away: whoever asks hears so. */
export interface ResourceSources {
  readonly entities: Entities;
  readonly reader: SeriesReader;
  readonly clock: Clock;
  readonly inForce: CatalogInForce;
}

/**
 * What is told of an account, over REST and by the stream alike (design §3). An account that nobody has heard of has
 * nothing. Throws {@link ProblemError} for parameters that are wrong, and rejects as Redis does.
 */
export class AccountResources {
  constructor(private readonly sources: ResourceSources) {}

  /** The accounts of which events were seen, sorted. */
  async accounts(): Promise<readonly string[]> {
    return [...(await this.sources.reader.accounts())].sort();
  }

  /** The teams of the agents that were heard of, sorted; none where the catalog knows no teams. */
  async teams(accountId: string): Promise<readonly string[]> {
    const teamOf = teamsOf(await this.catalog());
    const found = new Set<string>();
    if (teamOf === null) return [];
    for await (const agent of this.sources.entities.all('agent', accountId)) {
      const team = teamOf(agent.id);
      if (team !== null) found.add(team);
    }
    return [...found].sort();
  }

  async agents(accountId: string, parameters: Parameters): Promise<AgentList> {
    const { drill, rest } = await this.drillDown(parameters, ['agent']);
    return this.agentList(accountId, drill, rest);
  }

  async agent(accountId: string, id: string): Promise<AgentView> {
    const agent = await this.sources.entities.one('agent', accountId, id);
    if (agent === null) throw new ProblemError(problemOf(404, { detail: 'This account has no such agent.' }));
    return agentView(agent, this.sources.clock.now());
  }

  async load(accountId: string, parameters: Parameters = {}): Promise<AccountLoad> {
    const reader = new ParameterReader(parameters);
    reader.refuseOthers(['team']);
    const { team } = valid(reader.result({ team: reader.read('team', TEAM, null) }));
    return accountLoad(await this.agentViews(accountId, null, team));
  }

  /** Conversations; or agents, when `metric` names a gauge over agents. */
  async conversations(accountId: string, parameters: Parameters): Promise<ConversationList | AgentList> {
    const { drill, rest } = await this.drillDown(parameters, ['conversation', 'agent']);
    if (drill?.kind === 'agent') return this.agentList(accountId, drill, rest);
    const query = valid(readConversationQuery(rest));
    const isMember = await this.membersOf(query.team);
    const nowMs = this.sources.clock.now();
    const wanted: ConversationView[] = [];
    for await (const conversation of this.counted('conversation', accountId, drill)) {
      const view = conversationView(conversation, nowMs);
      if (isWanted(view, query) && isMember(view.assignedAgentId)) wanted.push(view);
    }
    return listConversations(wanted, query);
  }

  async conversation(accountId: string, id: string): Promise<ConversationDetail> {
    const found = await this.sources.entities.one('conversation', accountId, id);
    if (found === null) throw new ProblemError(problemOf(404, { detail: 'This account has no such conversation.' }));
    return conversationDetail(found, this.sources.clock.now());
  }

  async metrics(accountId: string, parameters: Parameters): Promise<MetricsReply> {
    const query = valid(readMetricQuery(parameters));
    const catalog = await this.catalog();
    const teamOf = teamsOf(catalog);
    const unknown = unknownNames(catalog, query, teamOf !== null);
    if (unknown.length > 0) throw badRequest(unknown);
    const { reader, clock } = this.sources;
    return metricValues({ catalog, reader, accountId, nowMs: clock.now(), teamOf }, query);
  }

  private async agentList(accountId: string, drill: DrillDown | null, parameters: Parameters): Promise<AgentList> {
    const query = valid(readAgentQuery(parameters));
    return listAgents(await this.agentViews(accountId, drill, query.team), query);
  }

  private async agentViews(accountId: string, drill: DrillDown | null, team: string | null): Promise<AgentView[]> {
    const isMember = await this.membersOf(team);
    const nowMs = this.sources.clock.now();
    const views: AgentView[] = [];
    for await (const agent of this.counted('agent', accountId, drill)) {
      if (isMember(agent.id)) views.push(agentView(agent, nowMs));
    }
    return views;
  }

  /** Whether an agent is in the team; without a team, anybody is, and nobody. */
  private async membersOf(team: string | null): Promise<(agentId: string | null) => boolean> {
    return team === null ? () => true : membersOf(await this.catalog(), team);
  }

  /** Every entity of a kind; or those that a number counts. */
  private async *counted(kind: EntityKind, accountId: string, drill: DrillDown | null): AsyncGenerator<KnownEntity> {
    for await (const entity of this.sources.entities.all(kind, accountId)) {
      if (drill === null || drill.counts(entity)) yield entity;
    }
  }

  private async drillDown(parameters: Parameters, kinds: readonly EntityKind[]) {
    if (parameters['metric'] === undefined) return { drill: null, rest: parameters };
    return valid(readDrillDown(await this.catalog(), parameters, kinds));
  }

  /** The catalog in force. Throws a 503 while this replica cannot use it. */
  private async catalog(): Promise<Catalog> {
    const { catalog } = await this.sources.inForce.now().catch((error: unknown) => {
      throw error instanceof CatalogUnusable ? new ProblemError(problemOf(503, { detail: error.message })) : error;
    });
    return catalog;
  }
}

function valid<T>(read: Read<T>): T {
  if (read.ok) return read.query;
  throw badRequest(read.errors);
}
