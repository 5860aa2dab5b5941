/**
 * Metrics out: kept series and a catalog in, text or JSON out, in slices that never hold the event loop for long. One
 * renderer serves the live `/metrics` and `replay`, so that equal series give equal bytes. Knows no Redis and no HTTP.
 */
export { collectSamples } from './collect.js';
export { type Course, courseOf, type CourseRequest, type CourseSeries } from './course.js';
export { cumulative, type Family, type FamilySample, valueAsDouble } from './family.js';
export { renderJson } from './json-format.js';
export { livemeterFamilies, type SystemFacts } from './livemeter-metrics.js';
export { createProcessMetrics, type ProcessMetrics } from './process-metrics.js';
export {
  OPENMETRICS_CONTENT_TYPE,
  OPENMETRICS_END,
  PROMETHEUS_CONTENT_TYPE,
  renderInstant,
  renderOpenMetrics,
  renderPrometheus,
} from './text-format.js';
