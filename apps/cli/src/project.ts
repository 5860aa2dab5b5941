import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of Livemeter itself: the nearest one above this file that holds its package.json. */
export function projectRoot(from: string = import.meta.dirname): string {
  return existsSync(join(from, 'package.json')) ? from : projectRoot(dirname(from));
}

/** Livemeter's version, from its package.json. */
export function projectVersion(): string {
  const manifest = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

/** The built main file of an app. */
export function builtMain(app: string): string {
  return join(projectRoot(), 'dist', 'apps', app, 'src', 'main.js');
}
