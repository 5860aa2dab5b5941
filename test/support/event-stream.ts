/** One server-sent event. */
export interface SentEvent {
  readonly name: string;
  readonly id: string | null;
  readonly data: unknown;
}

/** Reads a stream of server-sent events, one by one. */
export class EventStream {
  private text = '';
  private readonly decoder = new TextDecoder();

  private constructor(
    readonly response: Response,
    private readonly chunks: ReadableStreamDefaultReader<Uint8Array>,
  ) {}

  static async open(address: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
    const response = await fetch(address, { headers });
    if (response.body === null) throw new Error('nothing came');
    return new EventStream(response, response.body.getReader());
  }

  /** The next event; null at the end. */
  async next(): Promise<SentEvent | null> {
    for (;;) {
      const end = this.text.indexOf('\n\n');
      if (end >= 0) {
        const event = parse(this.text.slice(0, end));
        this.text = this.text.slice(end + 2);
        if (event !== null) return event;
        continue;
      }
      const { done, value } = await this.chunks.read();
      if (done) return null;
      this.text += this.decoder.decode(value, { stream: true });
    }
  }

  /** The next event of which this holds. */
  async until(holds: (event: SentEvent) => boolean): Promise<SentEvent> {
    for (;;) {
      const event = await this.next();
      if (event === null) throw new Error('the stream has ended');
      if (holds(event)) return event;
    }
  }

  async close(): Promise<void> {
    await this.chunks.cancel();
  }
}

function parse(block: string): SentEvent | null {
  const fields = new Map(
    block.split('\n').map((line) => [line.split(':', 1)[0] ?? '', line.replace(/^[^:]*: ?/, '')] as const),
  );
  const data = fields.get('data');
  if (data === undefined) return null;
  return { name: fields.get('event') ?? 'message', id: fields.get('id') ?? null, data: JSON.parse(data) as unknown };
}
