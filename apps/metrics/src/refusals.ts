import { AddressRanges } from '@app/access';
import { isLoopback, type Settings } from '@app/telemetry';

/** Settings under which the metrics app does not start, each as a sentence that says what to do. */
export function refusals(settings: Settings): string[] {
  const found: string[] = [];
  const proxies = AddressRanges.parse(settings.trustedProxies);
  if (!proxies.ok) {
    found.push(`LIVEMETER_TRUSTED_PROXIES: "${proxies.wrong}" is no address and no range such as 10.0.0.0/8`);
  }
  if (settings.tokensFile === null && !settings.public && !isLoopback(settings.metricsHost)) {
    found.push(
      `METRICS_HOST is ${settings.metricsHost}, which others can reach, and nothing would ask them for a token — ` +
        'name a file of tokens in LIVEMETER_TOKENS, listen on 127.0.0.1, or set LIVEMETER_PUBLIC=yes if that is wanted',
    );
  }
  if (settings.redisUrl === null) {
    found.push('REDIS_URL is not set — name a Redis or Valkey, or use `livemeter start`, which runs its own');
  }
  return found;
}
