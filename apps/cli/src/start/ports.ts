import { createServer } from 'node:net';

/** Whether a server could listen there now. A host that is not this machine's counts as not free. */
export async function isFree(host: string, port: number): Promise<boolean> {
  return (await tryListen(host, port)) !== null;
}

/** A port on which nobody listens at this moment. */
export async function freePort(host: string): Promise<number> {
  const port = await tryListen(host, 0);
  if (port === null) throw new Error(`no port is free on ${host}`);
  return port;
}

function tryListen(host: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : null));
    });
  });
}
