import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Telemetry } from '@app/telemetry';
import type { Backend } from './backend.js';
import { CatalogInForce } from './catalog/catalog-in-force.js';
import { CatalogController } from './catalog/catalog.controller.js';
import { ConfigWatch } from './catalog/config-watch.js';
import { ExpositionController } from './exposition/exposition.controller.js';
import { ProcessFigures } from './exposition/process-figures.js';
import { Scrape } from './exposition/scrape.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import { ProblemFilter } from './http/problem.filter.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { AccountQuarantineController, QuarantineController } from './quarantine/quarantine.controller.js';
import { Quarantine } from './quarantine/quarantine.js';
import { AccountsController } from './rest/accounts.controller.js';
import { AccountResources } from './rest/account-resources.js';
import { StreamController } from './stream/stream.controller.js';
import { Streams } from './stream/streams.js';
import { WallboardController } from './wallboard/wallboard.controller.js';

/** What Nest serves. */
@Module({})
export class AppModule {
  static with(telemetry: Telemetry, backend: Omit<Backend, 'work' | 'leave' | 'close'>): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        ExpositionController,
        AccountsController,
        StreamController,
        WallboardController,
        CatalogController,
        OpenApiController,
        HealthController,
        QuarantineController,
        AccountQuarantineController,
      ],
      providers: [
        { provide: Telemetry, useValue: telemetry },
        { provide: Scrape, useValue: backend.scrape },
        { provide: ProcessFigures, useValue: backend.figures },
        { provide: AccountResources, useValue: backend.resources },
        { provide: Streams, useValue: backend.streams },
        { provide: CatalogInForce, useValue: backend.inForce },
        { provide: ConfigWatch, useValue: backend.watch },
        { provide: Quarantine, useValue: backend.quarantine },
        { provide: Readiness, useValue: backend.readiness },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
