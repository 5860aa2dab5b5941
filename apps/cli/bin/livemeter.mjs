#!/usr/bin/env node
// Runs the built command line; builds it first where nobody has yet.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const main = fileURLToPath(new URL('../../../dist/apps/cli/src/main.js', import.meta.url));

if (!existsSync(main)) {
  console.error('livemeter: not built yet, running `npm run build` (a few seconds, once) …');
  const build = spawnSync('npm run build --silent', { cwd: root, shell: true, stdio: ['ignore', 2, 2] });
  if (build.status !== 0) {
    console.error(
      `livemeter: the build failed. In ${root} run \`npm ci\`, then \`npm run build\`, and read its output.`,
    );
    process.exit(1);
  }
}
await import(pathToFileURL(main).href);
