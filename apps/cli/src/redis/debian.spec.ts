import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { provideFromDebian } from './debian.js';
import { run } from './run.js';

const PATH = process.env['PATH'];

let dir: string;
let lines: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'livemeter-debian-'));
  lines = [];
  mkdirSync(join(dir, 'bin'));
  process.env['PATH'] = `${join(dir, 'bin')}${delimiter}${PATH}`;
});

afterEach(() => {
  process.env['PATH'] = PATH;
  rmSync(dir, { recursive: true, force: true });
});

/** Puts a stand-in for a program of the system on the PATH; it writes down what it was asked. */
function standIn(name: string, script: string): void {
  const file = join(dir, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "${name} $*" >>${dir}/asked\n${script}\n`);
  chmodSync(file, 0o755);
}

/** A Debian on which libone is missing, which needs libtwo; `lists` says whether the system has package lists. */
function debian(lists: 'lists' | 'no lists' | 'no network'): void {
  standIn(
    'apt-get',
    `case "$*" in *update*) ${lists === 'no network' ? 'echo "E: no route" >&2; exit 100' : 'exit 0'};; esac
    for last in "$@"; do case $last in lib*|redis-*) : >"$last.deb";; esac; done`,
  );
  standIn(
    'apt-cache',
    `case "$*" in *State::lists*) ;; *) ${lists === 'lists' ? '' : 'echo "E: No packages found" >&2; exit 100'};; esac
    case "$*" in
      *redis-server) printf 'redis-server\\n  Depends: redis-tools\\n |Depends: lsb-base\\n';;
      *redis-tools) printf 'redis-tools\\n  Depends: libone\\n  Depends: libc6\\n';;
      *libone) printf 'libone\\n  PreDepends: libtwo\\n';;
    esac`,
  );
  standIn('dpkg-query', 'case "$*" in *libc6) echo installed;; *) exit 1;; esac');
  standIn(
    'dpkg-deb',
    `mkdir -p "$3/usr/bin" "$3/usr/lib/there"
    printf '#!/bin/sh\\necho "Redis server v=7.0.15 $LD_LIBRARY_PATH"\\n' >"$3/usr/bin/redis-server"
    chmod 755 "$3/usr/bin/redis-server"; : >"$3/usr/lib/there/libone.so.1"`,
  );
}

function provide(): Promise<string | null> {
  return provideFromDebian(join(dir, 'tools', 'redis'), (line) => lines.push(line));
}

/** What the stand-ins were asked to download. */
function downloads(): string[] {
  const asked = readFileSync(join(dir, 'asked'), 'utf8').split('\n');
  return asked.filter((line) => / download /.test(line)).map((line) => line.replace(/^.* download /, ''));
}

describe("a Redis from the distribution's packages", () => {
  it('is unpacked with the libraries that are missing, and finds them', async () => {
    debian('lists');
    expect(await provide()).toBeNull();
    expect(downloads()).toEqual(['redis-server redis-tools libone libtwo']);
    const root = join(dir, 'tools', 'redis');
    const answer = await run(join(root, 'run'), ['--version']);
    expect(answer.stdout).toContain(`Redis server v=7.0.15 ${root}/usr/lib/there`);
    expect(readdirSync(join(dir, 'tools'))).toEqual(['redis']);
    expect(lines[0]).toContain("fetching one from the distribution's packages");
  });

  it('fetches package lists of its own where the system has none', async () => {
    debian('no lists');
    expect(await provide()).toBeNull();
    expect(downloads()).toHaveLength(1);
    expect(lines[1]).toContain('The package lists of this machine are missing or old');
  });

  it('says why when it cannot, and leaves nothing behind', async () => {
    debian('no network');
    expect(await provide()).toBe("Debian's packages could not be used: apt-get update: E: no route");
    expect(readdirSync(join(dir, 'tools'))).toEqual([]);
  });

  it('is not tried where there is no apt', async () => {
    process.env['PATH'] = join(dir, 'bin');
    expect(await provide()).toBe(
      'this is no Debian or Ubuntu (no apt-get, apt-cache, dpkg-deb, dpkg-query), whose packages could be used',
    );
    expect(existsSync(join(dir, 'tools'))).toBe(false);
  });
});
