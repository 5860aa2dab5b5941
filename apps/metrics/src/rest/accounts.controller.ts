import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ProblemError, problemOf } from '../http/problem.js';
import { type AccountLoad, accountLoad } from './account-load.js';
import { type AgentList, listAgents } from './agent-list.js';
import { readAgentQuery } from './agent-query.js';
import type { AgentView } from './agent-view.js';
import { Agents } from './agents.js';

/** Agents and their load, per account (design §3). An account that nobody has heard of has no agents. */
@Controller('v1/accounts/:account')
export class AccountsController {
  constructor(@Inject(Agents) private readonly agents: Agents) {}

  @Get('agents')
  async list(
    @Param('account') account: string,
    @Query() parameters: Readonly<Record<string, unknown>>,
  ): Promise<AgentList> {
    const read = readAgentQuery(parameters);
    if (!read.ok) {
      const wrong = read.errors.map(({ parameter, allowed }) => `${parameter}: ${allowed}`).join('; ');
      throw new ProblemError(problemOf(400, { detail: `What is allowed: ${wrong}.`, errors: read.errors }));
    }
    return listAgents(await this.agents.all(account), read.query);
  }

  @Get('agents/:agent')
  async one(@Param('account') account: string, @Param('agent') id: string): Promise<AgentView> {
    const agent = await this.agents.one(account, id);
    if (agent === null) throw new ProblemError(problemOf(404, { detail: 'This account has no such agent.' }));
    return agent;
  }

  @Get('load')
  async load(@Param('account') account: string): Promise<AccountLoad> {
    return accountLoad(await this.agents.all(account));
  }
}
