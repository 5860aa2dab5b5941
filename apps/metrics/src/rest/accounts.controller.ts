import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessOf } from '../access/access.js';
import type { Parameters } from '../http/parameters.js';
import { AccountResources } from './account-resources.js';
import type {
  AccountListReply,
  AccountLoad,
  AgentList,
  AgentView,
  ConversationDetail,
  ConversationList,
  MetricsReply,
  TeamListReply,
} from './replies.js';

/** What is told of accounts (design §3). */
@Controller('v1/accounts')
export class AccountsController {
  constructor(@Inject(AccountResources) private readonly resources: AccountResources) {}

  @Get()
  async accounts(@Req() request: FastifyRequest): Promise<AccountListReply> {
    const { accounts } = accessOf(request);
    const all = await this.resources.accounts();
    return { accounts: accounts === null ? all : all.filter((account) => accounts.has(account)) };
  }

  @Get(':account/teams')
  async teams(@Param('account') account: string): Promise<TeamListReply> {
    return { teams: await this.resources.teams(account) };
  }

  @Get(':account/agents')
  agents(@Param('account') account: string, @Query() parameters: Parameters): Promise<AgentList> {
    return this.resources.agents(account, parameters);
  }

  @Get(':account/agents/:agent')
  agent(@Param('account') account: string, @Param('agent') id: string): Promise<AgentView> {
    return this.resources.agent(account, id);
  }

  @Get(':account/load')
  load(@Param('account') account: string, @Query() parameters: Parameters): Promise<AccountLoad> {
    return this.resources.load(account, parameters);
  }

  @Get(':account/conversations')
  conversations(
    @Param('account') account: string,
    @Query() parameters: Parameters,
  ): Promise<ConversationList | AgentList> {
    return this.resources.conversations(account, parameters);
  }

  @Get(':account/conversations/:conversation')
  conversation(@Param('account') account: string, @Param('conversation') id: string): Promise<ConversationDetail> {
    return this.resources.conversation(account, id);
  }

  @Get(':account/metrics')
  metrics(@Param('account') account: string, @Query() parameters: Parameters): Promise<MetricsReply> {
    return this.resources.metrics(account, parameters);
  }
}
