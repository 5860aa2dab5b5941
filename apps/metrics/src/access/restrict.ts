import type { Family } from '@app/exposition';

/**
 * What a token limited to some accounts may scrape: their samples alone. Families that are not by account tell of all
 * accounts together, so they are left out.
 */
export async function* restrict(
  families: AsyncIterable<Family>,
  accounts: ReadonlySet<string> | null,
): AsyncGenerator<Family, void, undefined> {
  for await (const family of families) {
    if (accounts === null) yield family;
    else if (family.labelNames[0] === 'account_id') {
      yield { ...family, samples: family.samples.filter(({ labels }) => accounts.has(labels[0] ?? '')) };
    }
  }
}
