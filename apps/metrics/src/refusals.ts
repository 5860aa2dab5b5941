import { isLoopback, type Settings } from '@app/telemetry';

/** Settings under which the metrics app does not start, each as a sentence that says what to do. */
export function refusals(settings: Settings): string[] {
  const found: string[] = [];
  if (settings.tokensFile !== null) {
    found.push(
      'LIVEMETER_TOKENS is set, but tokens are not supported yet — unset it, and let a proxy in front ask for them',
    );
  }
  if (!settings.public && !isLoopback(settings.metricsHost)) {
    found.push(
      `METRICS_HOST is ${settings.metricsHost}, which others can reach, and nothing would ask them for a token — ` +
        'listen on 127.0.0.1, or set LIVEMETER_PUBLIC=yes if that is wanted',
    );
  }
  if (settings.redisUrl === null) {
    found.push('REDIS_URL is not set — name a Redis or Valkey, or use `livemeter start`, which runs its own');
  }
  return found;
}
