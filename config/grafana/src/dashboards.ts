import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { agents } from './agents.js';
import { deadlines } from './deadlines.js';
import { overview } from './overview.js';
import { pipeline } from './pipeline.js';
import { responseTimes } from './response-times.js';

/** Every dashboard that ships, by the file in `config/grafana/dashboards` that is generated from it. */
export const DASHBOARDS: ReadonlyMap<string, Dashboard> = new Map([
  ['overview.json', overview.build()],
  ['response-times.json', responseTimes.build()],
  ['deadlines.json', deadlines.build()],
  ['agents.json', agents.build()],
  ['pipeline.json', pipeline.build()],
]);
