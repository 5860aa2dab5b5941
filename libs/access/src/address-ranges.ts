import { BlockList, isIP } from 'node:net';

/** Ranges of addresses, or what is wrong with the text that should name them. */
export type RangesResult =
  { readonly ok: true; readonly ranges: AddressRanges } | { readonly ok: false; readonly wrong: string };

/** A set of IPv4 and IPv6 ranges. */
export class AddressRanges {
  private constructor(private readonly list: BlockList) {}

  /** Reads addresses and ranges such as `10.0.0.0/8`, `2a03:6400::/32` or `192.0.2.7`. Names the first that is none. */
  static parse(texts: readonly string[]): RangesResult {
    const list = new BlockList();
    for (const text of texts) {
      const [, address = '', bits] = /^\s*([^/\s]+)(?:\/(\d{1,3}))?\s*$/.exec(text) ?? [];
      const family = familyOf(address);
      const most = family === 'ipv4' ? 32 : 128;
      const length = Number(bits ?? most);
      if (family === null || length > most) return { ok: false, wrong: text };
      list.addSubnet(address, length, family);
    }
    return { ok: true, ranges: new AddressRanges(list) };
  }

  /** Whether the address lies in one of the ranges; what is no address lies in none. */
  includes(address: string): boolean {
    const bare = bareAddress(address);
    const family = familyOf(bare);
    return family !== null && this.list.check(bare, family);
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address);
  return version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6';
}

/** An address as proxies and sockets write it, without port, brackets and the IPv6 form of an IPv4 address. */
export function bareAddress(text: string): string {
  const unbracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? text;
  const unmapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(unbracketed)?.[1] ?? unbracketed;
  return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(unmapped)?.[1] ?? unmapped;
}
