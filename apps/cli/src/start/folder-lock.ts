import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { relative, resolve } from 'node:path';

/** That this process, and no other, runs from a folder. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes a folder, made where there is none, for this process; returns the holder's process id when another one has it. The lock is a listening
 * socket and not a file with a process id: the system itself lets go of it when its holder dies, however it dies, and
 * no later process can be taken for the holder.
 */
export async function lockFolder(dir: string): Promise<FolderLock | { readonly heldBy: number }> {
  await mkdir(dir, { recursive: true });
  // Addresses of sockets are short (about 100 bytes), hence relative where that is shorter.
  const absolute = resolve(dir, 'lock');
  const near = relative(process.cwd(), absolute);
  const address = near.length < absolute.length ? near : absolute;
  const holder = await askHolder(address);
  if (holder !== null) return { heldBy: holder };
  await rm(address, { force: true });
  const server = createServer((socket) => socket.on('error', () => undefined).end(String(process.pid)));
  await listen(server, address);
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

async function listen(server: Server, address: string): Promise<void> {
  server.listen(address);
  await once(server, 'listening');
  server.unref();
}

/** The process id that the holder answers with, or null when nobody holds it. */
function askHolder(address: string): Promise<number | null> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(address);
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.once('error', () => resolve(null));
    socket.once('end', () => {
      socket.destroy();
      resolve(Number(answer));
    });
  });
}
