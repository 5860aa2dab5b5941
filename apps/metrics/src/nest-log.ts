import type { LoggerService } from '@nestjs/common';
import type { Logger } from '@app/telemetry';

/** Nest's own messages in our log: what it starts with is of interest only when something is wrong. */
export function nestLog(log: Logger): LoggerService {
  const at = (level: 'debug' | 'warn' | 'error') => (message: unknown, context?: unknown) =>
    log[level]({ context: typeof context === 'string' ? context : undefined, msg: String(message) });
  return { log: at('debug'), debug: at('debug'), verbose: at('debug'), warn: at('warn'), error: at('error') };
}
