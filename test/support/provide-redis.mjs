// Jest's global set-up, and what with-redis.mjs loads: where the machine has no Redis, the tests run on the one that the product provides for itself.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

export default async function provideRedis() {
  if (process.env.LIVEMETER_TEST_REDIS) return;
  if (spawnSync('redis-server', ['--version']).status === 0) return;
  const built = resolve('dist/apps/cli/src/redis/program.js');
  if (!existsSync(built)) spawnSync('npm run build --silent', { shell: true, stdio: 'inherit' });
  const { provideRedisProgram } = await import(built);
  const report = (line) => console.error(line);
  process.env.LIVEMETER_TEST_REDIS = await provideRedisProgram({
    toolsDir: resolve('.livemeter/tools'),
    path: process.env.PATH ?? '',
    report,
  });
}
