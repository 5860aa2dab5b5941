/** What a feed tells its board. */
export interface FeedHandlers {
  readonly onEvent: (watch: string, value: unknown) => void;
  /** Since when (ms) nothing was heard, or could be told; null when all is live. */
  readonly onStale: (sinceMs: number | null, why: string) => void;
}

const SILENT_MS = 15_000;
const RETRY_MS = 3_000;

/** Follows watches of an account, and comes again whenever the connection is lost. Returns what ends it. */
export function follow(account: string, watches: readonly string[], handlers: FeedHandlers): () => void {
  const asked = [['account', account], ...watches.map((watch) => ['watch', watch])];
  const feed = new Feed(`/v1/stream?${new URLSearchParams(asked).toString()}`, watches, handlers);
  return () => feed.end();
}

class Feed {
  private readonly failed = new Set<string>();
  private readonly watchdog = setInterval(() => this.watch(), 1_000);
  private heardMs = Date.now();
  /** Why it was refused, as long as nothing was heard since. */
  private refused: string | null = null;
  private ended = false;
  private source: EventSource;

  constructor(
    private readonly address: string,
    private readonly watches: readonly string[],
    private readonly handlers: FeedHandlers,
  ) {
    this.source = this.open();
  }

  end(): void {
    this.ended = true;
    clearInterval(this.watchdog);
    this.source.close();
  }

  private open(): EventSource {
    const source = new EventSource(this.address);
    for (const watch of this.watches) {
      source.addEventListener(watch, ({ data }: MessageEvent<string>) => {
        this.failed.delete(watch);
        this.handlers.onEvent(watch, JSON.parse(data));
        this.heard();
      });
    }
    source.addEventListener('heartbeat', () => this.heard());
    source.addEventListener('problem', ({ data }: MessageEvent<string>) => {
      const { watch, problem } = JSON.parse(data) as { watch: string; problem: { detail?: string; title: string } };
      this.failed.add(watch);
      this.tellStale(problem.detail ?? problem.title);
    });
    source.onerror = () => {
      this.tellStale(this.refused ?? 'The connection is lost.');
      if (source.readyState === EventSource.CLOSED) void this.again();
    };
    return source;
  }

  private heard(): void {
    this.heardMs = Date.now();
    this.refused = null;
    if (this.failed.size === 0) this.handlers.onStale(null, '');
  }

  private tellStale(why: string): void {
    this.handlers.onStale(this.heardMs, why);
  }

  private watch(): void {
    if (Date.now() - this.heardMs > SILENT_MS) this.tellStale(this.refused ?? 'Nothing is heard.');
  }

  /** A browser gives up when it is refused; the reply says why. */
  private async again(): Promise<void> {
    this.refused = await refusal(this.address);
    if (this.ended) return;
    if (this.refused !== null) this.tellStale(this.refused);
    setTimeout(() => {
      if (!this.ended) this.source = this.open();
    }, RETRY_MS);
  }
}

async function refusal(address: string): Promise<string | null> {
  const end = new AbortController();
  try {
    const reply = await fetch(address, { signal: end.signal });
    if (reply.status === 401) location.reload();
    if (reply.ok) return null;
    const { detail, title } = (await reply.json()) as { detail?: string; title: string };
    return detail ?? title;
  } catch {
    return 'The server cannot be reached.';
  } finally {
    end.abort();
  }
}
