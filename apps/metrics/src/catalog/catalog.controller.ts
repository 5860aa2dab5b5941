import { Controller, Get, Inject } from '@nestjs/common';
import { ProblemError, problemOf } from '../http/problem.js';
import { CatalogInForce, CatalogUnusable } from './catalog-in-force.js';
import { type CatalogView, viewOf } from './catalog-view.js';
import { ConfigWatch } from './config-watch.js';

/** What is in force, and what was refused. */
@Controller('v1/catalog')
export class CatalogController {
  constructor(
    @Inject(CatalogInForce) private readonly inForce: CatalogInForce,
    @Inject(ConfigWatch) private readonly watch: ConfigWatch,
  ) {}

  @Get()
  async catalog(): Promise<CatalogView> {
    const term = await this.inForce.now().catch((error: unknown) => {
      throw error instanceof CatalogUnusable ? new ProblemError(problemOf(503, { detail: error.message })) : error;
    });
    return viewOf(term, this.watch.refusal);
  }
}
