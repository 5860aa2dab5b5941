import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Follows the connections on which nobody has asked anything yet: browsers open some in advance. The server does not count
 * them as idle, and its end would wait for them. Returns what closes them.
 */
export function followUnused(server: Server): () => void {
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  return () => {
    for (const socket of unused) socket.destroy();
  };
}
