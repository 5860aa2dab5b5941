/** Whoever scrapes and does not say how long it waits is answered, or refused, within this (ms). */
const PATIENCE_MS = 30_000;

/** A scraper is not waited for longer than this, whatever it says (ms). */
const MOST_PATIENCE_MS = 120_000;

/** How long a scraper waits (ms), by its header X-Prometheus-Scrape-Timeout-Seconds. */
export function patienceOf(header: string | string[] | undefined): number {
  const ms = Number(header) * 1_000;
  return ms > 0 ? Math.min(ms, MOST_PATIENCE_MS) : PATIENCE_MS;
}

/** The deadline has passed. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** Passes items on until the signal is aborted, then throws {@link TooSlow}, and asks for no more of them. */
export async function* until<T>(signal: AbortSignal, items: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const source = items[Symbol.asyncIterator]();
  let tooLate = (): void => undefined;
  const late = new Promise<never>((_, reject) => (tooLate = () => reject(new TooSlow('Redis answers too slowly'))));
  late.catch(() => undefined);
  signal.addEventListener('abort', tooLate, { once: true });
  try {
    for (;;) {
      const next = await Promise.race([source.next(), late]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', tooLate);
    // What is under way is not waited for; what it ends with is nobody's any more.
    void source.return?.().catch(() => undefined);
  }
}
