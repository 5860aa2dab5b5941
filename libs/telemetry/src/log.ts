import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import type { Settings } from './settings.js';

/** A structured log: `log.info({ field }, 'what happened')`. */
export type Logger = PinoLogger;

/** Names under which a secret might reach a log line, at the top or one level down. */
const SECRETS = ['authorization', 'key', 'token', 'secret', 'password', 'cookie', 'set-cookie'];

/**
 * A log of JSON lines on standard output, or on `destination`. Secrets are blotted out by field name; bodies of events
 * are never logged at `info` or above, since they may hold personal text: that is the caller's duty.
 */
export function createLogger(name: string, level: Settings['logLevel'], destination?: DestinationStream): Logger {
  const options = {
    name,
    level,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    redact: { paths: SECRETS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '***' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * What the log says of an error. Its other properties are left out: those of Redis carry the whole command that failed,
 * with passwords, events and names in it.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const code: unknown = 'code' in error ? error.code : undefined;
  return { type: name, message, stack, ...(typeof code === 'string' ? { code } : {}) };
}
