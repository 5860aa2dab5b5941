import { connect, createServer, type Server, type Socket } from 'node:net';

/** One direction of a connection: bytes go on in order, after the link's delay, and not at all while it is frozen. */
class Direction {
  private readonly waiting: { readonly bytes: Buffer; readonly at: number }[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly link: Link,
    private readonly to: Socket,
  ) {}

  push(bytes: Buffer): void {
    this.waiting.push({ bytes, at: performance.now() + this.link.delayMs });
    this.pump();
  }

  pump(): void {
    if (this.timer !== null || this.link.frozen) return;
    for (let head = this.waiting[0]; head !== undefined; head = this.waiting[0]) {
      const earlyMs = head.at - performance.now();
      if (earlyMs > 0) {
        this.timer = setTimeout(() => {
          this.timer = null;
          this.pump();
        }, earlyMs);
        return;
      }
      this.waiting.shift();
      if (!this.to.destroyed) this.to.write(head.bytes);
    }
  }
}

/** The network between one process and Redis: a TCP proxy on loopback that can be cut, slowed, or frozen. */
export class Link {
  /** What each direction is late (ms). */
  delayMs = 0;
  /** While true nothing passes, and nobody is told: what a lost route looks like. */
  frozen = false;
  private refusing = false;
  private readonly sockets = new Set<Socket>();
  private readonly directions = new Set<Direction>();
  private readonly server: Server;

  private constructor(private readonly targetPort: number) {
    this.server = createServer((near) => this.accept(near));
  }

  static async open(targetPort: number): Promise<Link> {
    const link = new Link(targetPort);
    await new Promise<void>((resolve) => link.server.listen(0, '127.0.0.1', resolve));
    return link;
  }

  /** The address that the process is given. */
  get redisUrl(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the link is closed');
    return `redis://127.0.0.1:${address.port}`;
  }

  /** Breaks all connections; what was on its way is gone. No new one is taken until {@link mend}. */
  cut(): void {
    this.refusing = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.refusing = false;
    this.frozen = false;
    this.delayMs = 0;
    for (const direction of this.directions) direction.pump();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(near: Socket): void {
    if (this.refusing) {
      near.destroy();
      return;
    }
    const far = connect(this.targetPort, '127.0.0.1');
    const directions = [new Direction(this, far), new Direction(this, near)] as const;
    near.on('data', (bytes) => directions[0].push(bytes));
    far.on('data', (bytes) => directions[1].push(bytes));
    for (const direction of directions) this.directions.add(direction);
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      this.sockets.add(socket);
      socket.on('error', () => undefined); // Its close says all that matters.
      socket.on('close', () => {
        this.sockets.delete(socket);
        for (const direction of directions) this.directions.delete(direction);
        near.destroy();
        far.destroy();
      });
    }
  }
}
