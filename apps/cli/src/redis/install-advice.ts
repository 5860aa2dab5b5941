import { LEAST_REDIS } from './version.js';

/** What a person has to do to get a Redis here, per platform, and why Livemeter could not do it by itself. */
export function installAdvice(platform: NodeJS.Platform, reasons: readonly string[]): string {
  const ways =
    platform === 'darwin'
      ? ['brew install redis']
      : [
          'apt-get install redis-server          # Debian, Ubuntu',
          'dnf install valkey                    # Fedora, RHEL 10',
        ];
  return [
    `No Redis ${LEAST_REDIS} or later (or Valkey) was found, and none could be provided:`,
    ...reasons.map((reason) => `  - ${reason}`),
    'Install one and run this again:',
    ...ways.map((way) => `  ${way}`),
    'or name one that runs already:',
    '  docker run -d -p 127.0.0.1:6379:6379 redis:7 redis-server --appendonly yes --appendfsync always --maxmemory-policy noeviction',
    '  REDIS_URL=redis://127.0.0.1:6379 npx livemeter start',
  ].join('\n');
}
