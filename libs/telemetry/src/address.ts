/** Options of an address that hold no secret, as they are written. */
const HARMLESS = /^((ca|cert|key|sentinelAuth)=[^&]*(&|$))*$/;

/**
 * An address fit to be shown: without the password that it may carry. Whatever stands before the last @ may be part of
 * one, and so may an option that is none.
 */
export function withoutPassword(address: string): string {
  const at = address.lastIndexOf('@');
  const [place = '', options] = address.slice(at + 1).split(/\?(.*)/s);
  const shown = options === undefined || HARMLESS.test(options) ? address.slice(at + 1) : `${place}?***`;
  if (at < 0) return shown;
  const [, scheme = '', name] = /^([a-z+]+:\/\/)([\w.%-]*):[^@/?]*$/.exec(address.slice(0, at)) ?? [];
  if (name !== undefined) return `${scheme}${name}:***@${shown}`;
  return `${/^[a-z+]*:\/\//.exec(address)?.[0] ?? ''}***@${shown}`;
}

/** Whether only this machine can reach a server that listens on the host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
