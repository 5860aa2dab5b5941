import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** The YAML files of `config/metrics` that ship: what is committed, so that a user's own beside them are left out; elsewhere all. */
export function shippedFiles(): readonly string[] {
  const listed = spawnSync('git', ['ls-files', '-z', 'config/metrics'], { cwd: ROOT, encoding: 'utf8' });
  const tracked = listed.status === 0 ? listed.stdout.split('\0') : [];
  const names = tracked.flatMap((path) => /^config\/metrics\/([^/]+)$/.exec(path)?.[1] ?? []);
  const there = new Set(readdirSync(join(ROOT, 'config/metrics')));
  const shipped = names.length > 0 ? names.filter((name) => there.has(name)) : [...there];
  return shipped.filter((name) => name.endsWith('.yaml')).sort();
}
