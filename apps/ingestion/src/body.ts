import type { IncomingMessage } from 'node:http';

/** A body above this is answered 413 (bytes). */
export const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** Why a body was not read; `statusCode` is what is answered. */
export class BodyRefused extends Error {
  constructor(
    readonly statusCode: 400 | 413 | 503,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads bodies. Until a body is there nobody knows who sent it, so that what is read at the same time is bounded: anybody
 * can open many connections and send the most that one may.
 */
export class BodyReader {
  private held = 0;

  /** `together`: the most bytes of bodies under way, of all connections. */
  constructor(private readonly together: number) {}

  /** The whole body. Rejects with {@link BodyRefused} when it is too large, breaks off, or too much is under way. */
  read(payload: IncomingMessage): Promise<Buffer> {
    const declared = Number(payload.headers['content-length'] ?? 0);
    if (declared > BODY_BYTES_MAX) return Promise.reject(tooLarge());
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const end = (settle: () => void): void => {
        payload.off('data', take).off('end', whole).off('error', broken).off('close', broken);
        this.held -= size;
        settle();
      };
      const take = (chunk: Buffer): void => {
        size += chunk.length;
        this.held += chunk.length;
        chunks.push(chunk);
        if (size > BODY_BYTES_MAX) end(() => reject(tooLarge()));
        else if (this.held > this.together) end(() => reject(new BodyRefused(503, 'too much is sent at once')));
      };
      const whole = (): void => end(() => resolve(Buffer.concat(chunks, size)));
      const broken = (): void => end(() => reject(new BodyRefused(400, 'the body broke off')));
      payload.on('data', take).once('end', whole).once('error', broken).once('close', broken);
    });
  }

  /** Bytes of bodies under way. */
  get underWay(): number {
    return this.held;
  }
}

function tooLarge(): BodyRefused {
  return new BodyRefused(413, `a body has at most ${BODY_BYTES_MAX} bytes`);
}
