import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { Failure } from '../failure.js';
import { provideFromDebian } from './debian.js';
import { installAdvice } from './install-advice.js';
import { run } from './run.js';
import { LEAST_REDIS, parseServerVersion } from './version.js';

const NAMES = ['redis-server', 'valkey-server'];

/** Where to look for a Redis, and where to put one. */
export interface ProvideOptions {
  /** The folder for what we download, such as `.livemeter/tools`. */
  readonly toolsDir: string;
  /** Folders to search, as in PATH. */
  readonly path: string;
  /** Told in one line what is being done, before anything that takes time. */
  readonly report: (line: string) => void;
}

/**
 * The path of a Redis or Valkey server program that is new enough: one on the machine, else one that was provided
 * earlier, else one that is provided now. Throws a {@link Failure} that says what to install when there is no way.
 */
export async function provideRedisProgram(options: ProvideOptions): Promise<string> {
  const reasons: string[] = [];
  for (const candidate of candidates(options.path)) {
    const flaw = await flawOf(candidate);
    if (flaw === null) return candidate;
    reasons.push(flaw);
  }
  if (reasons.length === 0) reasons.push(`neither ${NAMES.join(' nor ')} is on the PATH`);
  const dir = resolve(options.toolsDir, 'redis');
  const provided = join(dir, 'run');
  if (existsSync(provided) && (await flawOf(provided)) === null) return provided;
  const trouble = await provideFromDebian(dir, options.report);
  const flaw = trouble ?? (await flawOf(provided));
  if (flaw === null) return provided;
  throw new Failure(installAdvice(process.platform, [...reasons, flaw]));
}

function candidates(path: string): string[] {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).filter((file) => existsSync(file));
}

/** Why this program will not do, or null when it will. */
async function flawOf(program: string): Promise<string | null> {
  const answer = await run(program, ['--version'], { timeoutMs: 10_000 });
  const version = parseServerVersion(answer.stdout);
  if (version === null) return `${program} does not run: ${answer.stderr.trim() || `code ${answer.code}`}`;
  if (!version.supported) return `${program} is ${version.name} ${version.version}, older than ${LEAST_REDIS}`;
  return null;
}
