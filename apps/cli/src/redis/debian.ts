import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { run } from './run.js';

/** What the server is made of; libraries that this machine lacks are added. */
const PACKAGES = ['redis-server', 'redis-tools'];

/** A dependency that is worth unpacking: a library, not a piece of the operating system. */
const LIBRARY = /^(lib|lua)/;

/**
 * Settings of a package manager that touches nothing outside `dir`: no hooks, no caches, no lists of the system's.
 * It needs no root; as root, it does not switch user, who could not write here.
 */
function aptSettings(dir: string): string {
  return [
    `Dir::Cache "${dir}/cache/";`,
    'APT::Sandbox::User "root";',
    'Acquire::Languages "none";',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";',
    'Acquire::IndexTargets::deb::CNF::DefaultEnabled "false";',
    'Acquire::Retries "2";',
    'Acquire::http::Timeout "20";',
    'Acquire::https::Timeout "20";',
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    '#clear DPkg::Post-Invoke;',
    '',
  ].join('\n');
}

/**
 * Provides a Redis on Debian, Ubuntu and their like without root: downloads the distribution's packages (checked by apt
 * against its signed lists) and unpacks them into `dir`, with a program `run` that finds its libraries there.
 * Returns why it could not, or null when it could.
 */
export async function provideFromDebian(dir: string, report: (line: string) => void): Promise<string | null> {
  const missing = await missingTools(['apt-get', 'apt-cache', 'dpkg-deb', 'dpkg-query']);
  if (missing.length > 0) return `this is no Debian or Ubuntu (no ${missing.join(', ')}), whose packages could be used`;
  const work = `${dir}.${process.pid}`;
  try {
    await unpackInto(work, report);
    await rm(dir, { recursive: true, force: true });
    await rename(work, dir);
    report(`Redis is ready in ${relative(process.cwd(), dir) || dir}.`);
    return null;
  } catch (error) {
    return `Debian's packages could not be used: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function missingTools(names: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(names.map((name) => run(name, ['--version'])));
  return names.filter((_, index) => answers[index]?.code !== 0);
}

async function unpackInto(work: string, report: (line: string) => void): Promise<void> {
  const apt = join(work, 'apt');
  const archives = join(work, 'archives');
  await mkdir(join(apt, 'cache', 'archives', 'partial'), { recursive: true });
  await mkdir(join(apt, 'lists', 'partial'), { recursive: true });
  await mkdir(archives);
  const settings = join(apt, 'apt.conf');
  await writeFile(settings, aptSettings(apt));
  report("No Redis on this machine: fetching one from the distribution's packages (about 2 MB, no root needed) …");
  const shared = ['-c', settings];
  try {
    await download(shared, archives);
  } catch {
    report('The package lists of this machine are missing or old: fetching them to a place of our own (about 10 MB) …');
    const own = [...shared, '-o', `Dir::State::lists=${join(apt, 'lists')}/`];
    await must('apt-get', [...own, '--quiet', 'update']);
    await download(own, archives);
  }
  for (const archive of await readdir(archives)) await must('dpkg-deb', ['-x', join(archives, archive), work]);
  await rm(apt, { recursive: true });
  await rm(archives, { recursive: true });
  await writeLauncher(work);
}

async function download(options: readonly string[], into: string): Promise<void> {
  const packages = await withLibraries(options);
  await must('apt-get', [...options, '--quiet', 'download', ...packages], into);
}

/** The packages, and every library that they need, directly or not, and that is not installed. */
async function withLibraries(options: readonly string[]): Promise<string[]> {
  const found = new Set(PACKAGES);
  for (const name of found) {
    const answer = await must('apt-cache', [...options, 'depends', name]);
    for (const [, dependency] of answer.matchAll(/^ [ |](?:Pre)?Depends: (\S+)$/gm)) {
      if (dependency !== undefined && LIBRARY.test(dependency) && !(await isInstalled(dependency))) {
        found.add(dependency);
      }
    }
  }
  return [...found];
}

async function isInstalled(name: string): Promise<boolean> {
  const answer = await run('dpkg-query', ['-W', '-f', '${db:Status-Status}\n', name]);
  return answer.code === 0 && answer.stdout.split('\n').includes('installed');
}

/** Writes the program that runs the unpacked server, wherever the folder is moved to. */
async function writeLauncher(root: string): Promise<void> {
  const files = await readdir(root, { recursive: true, withFileTypes: true });
  const folders = files.filter((file) => file.name.includes('.so')).map((file) => relative(root, file.parentPath));
  const libraries = [...new Set(folders)].map((folder) => `$here/${folder}`).join(':');
  const script = [
    '#!/bin/sh',
    '# Runs the Redis that was unpacked beside this file, with its libraries.',
    'here=$(cd "$(dirname "$0")" && pwd)',
    // An empty entry in this variable would mean the current folder.
    ...(libraries === '' ? [] : [`export LD_LIBRARY_PATH="${libraries}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`]),
    'exec "$here/usr/bin/redis-server" "$@"',
    '',
  ].join('\n');
  await writeFile(join(root, 'run'), script);
  await chmod(join(root, 'run'), 0o755);
}

async function must(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const answer = await run(program, args, {
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: 180_000,
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (answer.code === 0) return answer.stdout;
  const said = answer.stderr.trim().split('\n').slice(-2).join(' ');
  throw new Error(`${program} ${args.at(-1) ?? ''}: ${said || `code ${answer.code}`}`);
}
