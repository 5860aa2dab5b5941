import { describe, expect, it } from '@jest/globals';
import { readSettings } from '@app/telemetry';
import { refusals } from './refusals.js';

const REDIS_URL = 'redis://127.0.0.1:6379';

describe('settings under which the metrics app does not start', () => {
  it.each<{ name: string; env: Record<string, string>; want: string[] }>([
    { name: 'loopback is fine', env: { REDIS_URL }, want: [] },
    { name: 'so is any loopback', env: { REDIS_URL, METRICS_HOST: '127.0.0.2' }, want: [] },
    { name: 'and IPv6', env: { REDIS_URL, METRICS_HOST: '::1' }, want: [] },
    { name: 'public if wanted', env: { REDIS_URL, METRICS_HOST: '0.0.0.0', LIVEMETER_PUBLIC: 'yes' }, want: [] },
    {
      name: 'but not by accident',
      env: { REDIS_URL, METRICS_HOST: '0.0.0.0' },
      want: [
        'METRICS_HOST is 0.0.0.0, which others can reach, and nothing would ask them for a token — ' +
          'name a file of tokens in LIVEMETER_TOKENS, listen on 127.0.0.1, or set LIVEMETER_PUBLIC=yes if that is wanted',
      ],
    },
    {
      name: 'and with tokens',
      env: { REDIS_URL, METRICS_HOST: '0.0.0.0', LIVEMETER_TOKENS: 'tokens.yaml' },
      want: [],
    },
    {
      name: 'no proxy is believed by mistake, no Redis guessed',
      env: { LIVEMETER_TRUSTED_PROXIES: '10.0.0.0/8, 10.0.0/8' },
      want: [
        'LIVEMETER_TRUSTED_PROXIES: "10.0.0/8" is no address and no range such as 10.0.0.0/8',
        'REDIS_URL is not set — name a Redis or Valkey, or use `livemeter start`, which runs its own',
      ],
    },
  ])('$name', ({ env, want }) => {
    const result = readSettings(env);
    expect(result.ok && refusals(result.settings)).toEqual(want);
  });
});
