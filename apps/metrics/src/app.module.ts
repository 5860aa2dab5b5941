import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Telemetry } from '@app/telemetry';
import type { Backend } from './backend.js';
import { ExpositionController } from './exposition/exposition.controller.js';
import { Scrape } from './exposition/scrape.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import { ProblemFilter } from './http/problem.filter.js';
import { AccountsController } from './rest/accounts.controller.js';
import { Agents } from './rest/agents.js';

/** What Nest serves. */
@Module({})
export class AppModule {
  static with(telemetry: Telemetry, backend: Pick<Backend, 'scrape' | 'agents' | 'readiness'>): DynamicModule {
    return {
      module: AppModule,
      controllers: [ExpositionController, AccountsController, HealthController],
      providers: [
        { provide: Telemetry, useValue: telemetry },
        { provide: Scrape, useValue: backend.scrape },
        { provide: Agents, useValue: backend.agents },
        { provide: Readiness, useValue: backend.readiness },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
