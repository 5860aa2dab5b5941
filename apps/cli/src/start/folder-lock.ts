import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** That this process, and no other, runs from a folder. */
export interface FolderLock {
  release(): Promise<void>;
}

/** How long one who can be reached may take to answer (ms); a suspended process does not, and holds all the same. */
const ANSWER_MS = 1_000;

/** Before one who is not decided yet is asked again (ms). */
const AGAIN_MS = 5;

/** What connecting fails with when nobody listens, or the listener is just going. */
const GONE: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT']);

const HOLDS = 'holds';
const ASKS = 'asks';

/**
 * Takes a folder, made where there is none, for this process; returns the holder's process id when another one has it.
 * The lock is a listening socket and not a file with a process id: the system itself lets go of it when its holder dies,
 * however it dies, and no later process can be taken for the holder. Each process that wants the lock listens at a
 * socket of its own, `lock-<process id>-<random>`, and only then looks for others: of two, at least one sees the other.
 */
export async function lockFolder(dir: string): Promise<FolderLock | { readonly heldBy: number }> {
  await mkdir(dir, { recursive: true });
  const own = `lock-${process.pid}-${randomBytes(4).toString('hex')}`;
  let answer = ASKS;
  const server = createServer((socket) => socket.on('error', () => undefined).end(answer));
  server.listen(addressOf(dir, own)).unref();
  await once(server, 'listening');
  const dead: string[] = [];
  for (const other of await locksIn(dir)) {
    if (other === own) continue;
    const fate = await settled(dir, own, other);
    if (fate === 'wins') {
      await close(server);
      return { heldBy: Number(other.split('-')[1]) };
    }
    dead.push(other);
  }
  answer = HOLDS;
  await Promise.all(dead.map((name) => rm(resolve(dir, name), { force: true })));
  return { release: () => close(server) };
}

/**
 * What becomes of another who wants the lock: `wins` when it holds it, or asks as well and has the lesser name; `gone`
 * when nobody listens there. One with the greater name gives way, unless it looked before we came: then it holds soon.
 */
async function settled(dir: string, own: string, other: string): Promise<'wins' | 'gone'> {
  for (;;) {
    const answer = await ask(addressOf(dir, other));
    if (answer === null) return 'gone';
    if (answer !== ASKS || other < own) return 'wins';
    await pause(AGAIN_MS);
  }
}

async function locksIn(dir: string): Promise<readonly string[]> {
  return (await readdir(dir)).filter((name) => /^lock-\d+-/.test(name));
}

/** Addresses of sockets are short (about 100 bytes), hence relative where that is shorter. */
function addressOf(dir: string, name: string): string {
  const absolute = resolve(dir, name);
  const near = relative(process.cwd(), absolute);
  return near.length < absolute.length ? near : absolute;
}

/** What the one who listens there answers, empty when it does not; null when nobody listens. */
function ask(address: string): Promise<string | null> {
  return new Promise((answered) => {
    let answer = '';
    const socket = connect(address);
    const end = (result: string | null) => {
      socket.destroy();
      answered(result);
    };
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.setTimeout(ANSWER_MS, () => end(''));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => end(GONE.has(code ?? '') ? null : ''));
    socket.once('end', () => end(answer));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((closed) => {
    server.close(() => closed());
  });
}
