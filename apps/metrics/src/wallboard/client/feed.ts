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
  const address = `/v1/stream?${new URLSearchParams([['account', account], ...watches.map((watch) => ['watch', watch])]).toString()}`;
  const failed = new Set<string>();
  let heardMs = Date.now();
  let ended = false;
  let source = new EventSource(address);

  const heard = (): void => {
    heardMs = Date.now();
    if (failed.size === 0) handlers.onStale(null, '');
  };
  const open = (): void => {
    for (const watch of watches) {
      source.addEventListener(watch, ({ data }: MessageEvent<string>) => {
        failed.delete(watch);
        handlers.onEvent(watch, JSON.parse(data));
        heard();
      });
    }
    source.addEventListener('heartbeat', heard);
    source.addEventListener('problem', ({ data }: MessageEvent<string>) => {
      const { watch, problem } = JSON.parse(data) as { watch: string; problem: { detail?: string; title: string } };
      failed.add(watch);
      handlers.onStale(heardMs, problem.detail ?? problem.title);
    });
    source.onerror = () => {
      handlers.onStale(heardMs, 'The connection is lost.');
      if (source.readyState === EventSource.CLOSED) setTimeout(() => void again(), RETRY_MS);
    };
  };
  /** A browser gives up when it is refused; the reply says why. */
  const again = async (): Promise<void> => {
    if (ended) return;
    const why = await refusal(address);
    if (why !== null) handlers.onStale(heardMs, why);
    source.close();
    source = new EventSource(address);
    open();
  };
  open();
  const watchdog = setInterval(() => {
    if (Date.now() - heardMs > SILENT_MS) handlers.onStale(heardMs, 'Nothing is heard.');
  }, 1_000);
  return () => {
    ended = true;
    clearInterval(watchdog);
    source.close();
  };
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
