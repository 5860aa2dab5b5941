import { ifNoneMatch, jsonOf, type Operation, READ } from './operation.js';

const EXPOSITION = { type: 'text/plain', schemas: [] };

/** What concerns the system itself. */
export const SYSTEM_OPERATIONS: readonly Operation[] = [
  {
    id: 'getCatalog',
    tag: 'System',
    path: '/v1/catalog',
    summary: 'The definitions in force, with their version; and what is wrong with newer ones that were refused.',
    parameters: [ifNoneMatch],
    reply: jsonOf('Catalog'),
    problems: READ,
    examples: ['/v1/catalog'],
  },
  {
    id: 'scrape',
    tag: 'System',
    path: '/metrics',
    summary: 'What Prometheus scrapes: every metric of the definitions; any replica answers for all.',
    description:
      'Prometheus text 0.0.4; OpenMetrics where `Accept` prefers it. A token that is limited to accounts sees their ' +
      'samples. `x-prometheus-scrape-timeout-seconds` is heeded.',
    parameters: [],
    reply: { ...EXPOSITION, otherTypes: ['application/openmetrics-text'] },
    problems: READ,
    examples: ['/metrics'],
  },
  {
    id: 'scrapeProcess',
    tag: 'System',
    path: '/metrics/process',
    summary: 'Figures of the replica that answers: CPU, memory, event loop, HTTP, the work on its partitions.',
    parameters: [],
    reply: EXPOSITION,
    problems: [],
    examples: ['/metrics/process'],
  },
  {
    id: 'isAlive',
    tag: 'System',
    path: '/healthz',
    summary: 'The process is alive.',
    parameters: [],
    reply: jsonOf('Alive'),
    problems: [],
    examples: ['/healthz'],
  },
  {
    id: 'isReady',
    tag: 'System',
    path: '/readyz',
    summary: 'It can serve; else 503 with all that is missing.',
    parameters: [],
    reply: jsonOf('Ready'),
    also: { 503: 'Ready' },
    problems: [],
    examples: ['/readyz'],
  },
];
