/**
 * What the programs read from their environment and say of themselves: settings, logs, and the counters of what happens
 * in operation. Knows nothing of events, metrics of the catalog, queues or storage.
 */
export { isLoopback, withoutPassword } from './address.js';
export { spoolFolder } from './archive-settings.js';
export { createLogger, type Logger } from './log.js';
export { OCCURRENCES } from './occurrence.js';
export { type HostPort, parseRedisAddress, type RedisAddress, type TlsFiles } from './redis-address.js';
export { readSettings, type Settings } from './settings.js';
export { StartError } from './start-error.js';
export { Telemetry } from './telemetry.js';
