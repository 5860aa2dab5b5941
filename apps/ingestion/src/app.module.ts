import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Telemetry } from '@app/telemetry';
import { Gate } from './gate.js';
import { MetricsController } from './metrics.controller.js';
import { ProbesController } from './probes.controller.js';
import { ProblemFilter } from './problem.filter.js';

/** What Nest serves beside the route for events. */
@Module({})
export class AppModule {
  static with(telemetry: Telemetry, gate: Gate): DynamicModule {
    return {
      module: AppModule,
      controllers: [ProbesController, MetricsController],
      providers: [
        { provide: Telemetry, useValue: telemetry },
        { provide: Gate, useValue: gate },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
