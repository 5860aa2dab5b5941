import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface Listed {
  readonly pid: number;
  readonly parent: number;
  /** As `ps` has it: `R`, `S`, `T`, `Z` … */
  readonly state: string;
}

/** The processes that one has started and that live. */
export function childrenOf(parent: number): number[] {
  return living()
    .filter((listed) => listed.parent === parent)
    .map(({ pid }) => pid);
}

/** Those of the processes that live. One that has ended, but whom nobody asked how, does not. */
export function livingOf(pids: readonly number[]): number[] {
  const all = new Set(living().map(({ pid }) => pid));
  return pids.filter((pid) => all.has(pid));
}

function living(): Listed[] {
  return listed().filter(({ state }) => state !== 'Z');
}

function listed(): Listed[] {
  if (existsSync('/proc/self/stat'))
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? fromProc(name) : []));
  const lines = String(execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=']))
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [pid, parent, state = ''] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), state: state.charAt(0) };
  });
}

function fromProc(name: string): Listed[] {
  try {
    // The command's name stands in brackets and may hold anything.
    const [state = '', parent] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return [{ pid: Number(name), parent: Number(parent), state }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
