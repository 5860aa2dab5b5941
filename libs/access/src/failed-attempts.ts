import { isIPv6 } from 'node:net';
import { bareAddress } from './address-ranges.js';

const WINDOW_MS = 60_000;

/** How many addresses are remembered; beyond it the oldest is forgotten. */
const ADDRESSES_MAX = 10_000;

/** Counts failed authentications per address within a minute. An IPv6 sender owns a /64, so that is what is counted. */
export class FailedAttempts {
  private readonly failures = new Map<string, { readonly since: number; count: number }>();

  /** `now`: a monotonic time (ms). */
  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Notes a failure. Whether the address has had more of them in this minute than it may. */
  tooMany(address: string): boolean {
    const key = networkOf(bareAddress(address));
    const now = this.now();
    let seen = this.failures.get(key);
    if (seen === undefined || now - seen.since >= WINDOW_MS) {
      this.failures.delete(key);
      if (this.failures.size >= ADDRESSES_MAX) this.failures.delete(this.failures.keys().next().value ?? '');
      this.failures.set(key, (seen = { since: now, count: 0 }));
    }
    seen.count += 1;
    return seen.count > this.perMinute;
  }
}

function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return groups.slice(0, 4).join(':');
}
