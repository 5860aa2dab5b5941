import { describe, expect, it } from '@jest/globals';
import { installAdvice } from './install-advice.js';

describe('what to install', () => {
  it('names the reasons, the ways on Linux, and REDIS_URL', () => {
    expect(installAdvice('linux', ['/usr/bin/redis-server is Redis 5.0.14, older than 6.2'])).toBe(
      `No Redis 6.2 or later (or Valkey) was found, and none could be provided:
  - /usr/bin/redis-server is Redis 5.0.14, older than 6.2
Install one and run this again:
  apt-get install redis-server          # Debian, Ubuntu
  dnf install valkey                    # Fedora, RHEL 10
or name one that runs already:
  docker run -d -p 127.0.0.1:6379:6379 redis:7 redis-server --appendonly yes --appendfsync always --maxmemory-policy noeviction
  REDIS_URL=redis://127.0.0.1:6379 npx livemeter start`,
    );
  });

  it('names the way on a Mac', () => {
    expect(installAdvice('darwin', [])).toContain('\n  brew install redis\n');
  });
});
